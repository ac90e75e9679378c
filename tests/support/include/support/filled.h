// Messages with every field set, to see what becomes of each.
#pragma once

#include <google/protobuf/message.h>

#include <string>

namespace firstfix::testing {

// Sets every field of the message, at every depth, to a value that depends on its number; lists get one entry. Of a
// oneof the last stays. Recursion ends at `depth`.
inline void fill(google::protobuf::Message& message, int depth = 6) {
  using google::protobuf::FieldDescriptor;
  const auto* type = message.GetDescriptor();
  const auto* reflection = message.GetReflection();
  for (int i = 0; i < type->field_count(); ++i) {
    const auto* field = type->field(i);
    const bool list = field->is_repeated();
    const int number = field->number();
    const auto set = [&](auto one, auto add, auto value) {
      if (list)
        (reflection->*add)(&message, field, value);
      else
        (reflection->*one)(&message, field, value);
    };
    using R = google::protobuf::Reflection;
    switch (field->cpp_type()) {
      case FieldDescriptor::CPPTYPE_BOOL:
        set(&R::SetBool, &R::AddBool, true);
        break;
      case FieldDescriptor::CPPTYPE_INT32:
        set(&R::SetInt32, &R::AddInt32, number);
        break;
      case FieldDescriptor::CPPTYPE_INT64:
        set(&R::SetInt64, &R::AddInt64, std::int64_t{number} * 1000);
        break;
      case FieldDescriptor::CPPTYPE_UINT32:
        set(&R::SetUInt32, &R::AddUInt32, static_cast<std::uint32_t>(number));
        break;
      case FieldDescriptor::CPPTYPE_UINT64:
        set(&R::SetUInt64, &R::AddUInt64, static_cast<std::uint64_t>(number) << 32);
        break;
      case FieldDescriptor::CPPTYPE_DOUBLE:
        set(&R::SetDouble, &R::AddDouble, number + 0.5);
        break;
      case FieldDescriptor::CPPTYPE_FLOAT:
        set(&R::SetFloat, &R::AddFloat, static_cast<float>(number) + 0.5f);
        break;
      case FieldDescriptor::CPPTYPE_ENUM:
        set(&R::SetEnumValue, &R::AddEnumValue,
            field->enum_type()->value(field->enum_type()->value_count() - 1)->number());
        break;
      case FieldDescriptor::CPPTYPE_STRING:
        if (list)
          reflection->AddString(&message, field, field->name());
        else
          reflection->SetString(&message, field, field->name());
        break;
      case FieldDescriptor::CPPTYPE_MESSAGE:
        if (depth > 0)
          fill(list ? *reflection->AddMessage(&message, field) : *reflection->MutableMessage(&message, field),
               depth - 1);
        break;
    }
  }
}

}  // namespace firstfix::testing
