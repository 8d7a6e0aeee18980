/// A borrowed callable: two pointers, no allocation. What std::function_ref is in C++26.
//
// std::addressof is __builtin_addressof with <memory> around it, which brings streams and locales.
#pragma once

#include <type_traits>
#include <utility>

#pragma GCC visibility push(default)
namespace agentslock {

template <class Signature>
class function_ref;

/// Refers to a callable that outlives the call it is passed to. Never stored.
template <class Result, class... Arguments>
class function_ref<Result(Arguments...)> {
 public:
  template <class Callable>
  requires(!std::is_same_v<std::remove_cvref_t<Callable>, function_ref> &&
           std::is_invocable_r_v<Result, Callable&, Arguments...>) function_ref(Callable&& callable)
  noexcept
      : object_(const_cast<void*>(static_cast<const void*>(__builtin_addressof(callable)))),
        call_([](void* object, Arguments... arguments) -> Result {
          return (*static_cast<std::remove_reference_t<Callable>*>(object))(
              std::forward<Arguments>(arguments)...);
        }) {}

  Result operator()(Arguments... arguments) const {
    return call_(object_, std::forward<Arguments>(arguments)...);
  }

 private:
  void* object_;
  Result (*call_)(void*, Arguments...);
};

}  // namespace agentslock
#pragma GCC visibility pop
// SPDX-License-Identifier: Apache-2.0
