// The functions of libcurl that agentslock::etcd calls, as calls into the library that load_libcurl has loaded. They stand in
// the place of libcurl itself when the command is linked; one that is missing here makes libcurl a library that every command
// loads, which a test refuses.
#include "libcurl.hpp"

#include <curl/curl.h>

#include <cstdarg>
#include <string>

#include "loaded_library.hpp"

// Macros that count arguments.
#undef curl_easy_setopt
#undef curl_easy_getinfo

namespace agentslock::cli {
namespace {

constexpr const char* file_name = "libcurl.so.4";

const loaded_library& library() {
  static const loaded_library loaded(file_name);
  return loaded;
}

/// A function's first parameter.
template <class Function>
struct first;
template <class Result, class First, class... Rest>
struct first<Result(First, Rest...)> {
  using type = First;
};

}  // namespace

/// Newer ones have it const.
using of_curl_url_get = first<decltype(curl_url_get)>::type;

result<> load_libcurl() {
  if (library().is_there()) return {};
  return error(errc::store_unreachable, std::string("a document in etcd needs ") + file_name +
                                            ", which can't be loaded: install libcurl (Debian: libcurl4)");
}

}  // namespace agentslock::cli

#define AGENTSLOCK_LIBCURL(result, name, parameters, arguments)                              \
  result name parameters {                                                                   \
    static auto* const function = agentslock::cli::library().find<result parameters>(#name); \
    return function arguments;                                                               \
  }

// clang-format off
extern "C" {
AGENTSLOCK_LIBCURL(void,     curl_easy_cleanup,   (CURL* a), (a))
AGENTSLOCK_LIBCURL(CURL*,    curl_easy_init,      (), ())
AGENTSLOCK_LIBCURL(CURLcode, curl_easy_perform,   (CURL* a), (a))
AGENTSLOCK_LIBCURL(void,     curl_easy_reset,     (CURL* a), (a))
AGENTSLOCK_LIBCURL(void,     curl_free,           (void* a), (a))
AGENTSLOCK_LIBCURL(CURLcode, curl_global_init,    (long a), (a))
AGENTSLOCK_LIBCURL(curl_slist*, curl_slist_append, (curl_slist* a, const char* b), (a, b))
AGENTSLOCK_LIBCURL(void,     curl_slist_free_all, (curl_slist* a), (a))
AGENTSLOCK_LIBCURL(CURLU*,   curl_url,            (), ())
AGENTSLOCK_LIBCURL(void,     curl_url_cleanup,    (CURLU* a), (a))
AGENTSLOCK_LIBCURL(CURLUcode, curl_url_get,       (agentslock::cli::of_curl_url_get a, CURLUPart b, char** c, unsigned d), (a, b, c, d))
AGENTSLOCK_LIBCURL(CURLUcode, curl_url_set,       (CURLU* a, CURLUPart b, const char* c, unsigned d), (a, b, c, d))
// clang-format on

// Those that take one argument more, of a kind that the second tells.
// Clang warns of an enumeration before the dots, as it may be narrower than what it is passed as. libcurl's have the size of an
// int, and libcurl declares these functions so.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wvarargs"
static_assert(sizeof(CURLoption) == sizeof(int) && sizeof(CURLINFO) == sizeof(int));

CURLcode curl_easy_setopt(CURL* handle, CURLoption option, ...) {
  static auto* const function =
      agentslock::cli::library().find<CURLcode(CURL*, CURLoption, ...)>("curl_easy_setopt");
  constexpr int options_of_a_kind = 10'000;
  std::va_list more;
  va_start(more, option);
  CURLcode done;
  switch (option / options_of_a_kind * options_of_a_kind) {
    case CURLOPTTYPE_LONG:
      done = function(handle, option, va_arg(more, long));
      break;
    case CURLOPTTYPE_OFF_T:
      done = function(handle, option, va_arg(more, curl_off_t));
      break;
    default:
      done = function(handle, option, va_arg(more, void*));
      break;
  }
  va_end(more);
  return done;
}

CURLcode curl_easy_getinfo(CURL* handle, CURLINFO info, ...) {
  static auto* const function =
      agentslock::cli::library().find<CURLcode(CURL*, CURLINFO, ...)>("curl_easy_getinfo");
  std::va_list more;
  va_start(more, info);
  const CURLcode done = function(handle, info, va_arg(more, void*));
  va_end(more);
  return done;
}

#pragma GCC diagnostic pop
}
// SPDX-License-Identifier: Apache-2.0
