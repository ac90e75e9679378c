#include "net/no_delay.h"

#include <gtest/gtest.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

namespace firstfix::net {
namespace {

TEST(NoDelay, SetsItOnTcpSocketsThatAnotherLibraryMade) {
  const int theirs = socket(AF_INET, SOCK_STREAM, 0), other_kind = socket(AF_UNIX, SOCK_STREAM, 0);
  ASSERT_GE(theirs, 0);
  int on = 1;
  socklen_t size = sizeof on;
  ASSERT_EQ(getsockopt(theirs, IPPROTO_TCP, TCP_NODELAY, &on, &size), 0);
  ASSERT_EQ(on, 0) << "the system does so by default: this test says nothing";

  send_small_packets_at_once();

  ASSERT_EQ(getsockopt(theirs, IPPROTO_TCP, TCP_NODELAY, &on, &size), 0);
  EXPECT_NE(on, 0);
  close(theirs);
  close(other_kind);
}

}  // namespace
}  // namespace firstfix::net
