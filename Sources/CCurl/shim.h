// Typed faces for libcurl's variadic functions, which Swift cannot call.
#pragma once
#include <curl/curl.h>

static inline CURLcode ccurl_set_long(CURL *h, CURLoption o, long v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode ccurl_set_string(CURL *h, CURLoption o, const char *v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode ccurl_set_pointer(CURL *h, CURLoption o, void *v) { return curl_easy_setopt(h, o, v); }
static inline CURLcode ccurl_set_list(CURL *h, CURLoption o, struct curl_slist *v) { return curl_easy_setopt(h, o, v); }
typedef size_t (*ccurl_sink)(char *bytes, size_t size, size_t count, void *context);
static inline CURLcode ccurl_set_sink(CURL *h, CURLoption o, ccurl_sink f) { return curl_easy_setopt(h, o, f); }
static inline CURLcode ccurl_get_long(CURL *h, CURLINFO i, long *v) { return curl_easy_getinfo(h, i, v); }
static inline CURLcode ccurl_get_pointer(CURL *h, CURLINFO i, void **v) { return curl_easy_getinfo(h, i, v); }
static inline CURLMcode ccurl_multi_set_long(CURLM *m, CURLMoption o, long v) { return curl_multi_setopt(m, o, v); }
static inline CURL *ccurl_message_handle(CURLMsg *m) { return m->easy_handle; }
static inline CURLcode ccurl_message_result(CURLMsg *m) { return m->data.result; }
