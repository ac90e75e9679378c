// Small packets sent at once, on sockets that are another library's.
#pragma once

namespace firstfix::net {

// Sets TCP_NODELAY on every TCP socket that this process has open now; to be called after each connect. Without it a
// small message that follows another within milliseconds waits for the other's delayed acknowledgement, 40 ms on Linux.
// The MQTT client (Paho C before 1.4) neither sets the option nor shows its socket. Thread-safe; does nothing where
// there is no /proc.
void send_small_packets_at_once();

}  // namespace firstfix::net
