/* h2load has no option for a client certificate. Preloaded, this presents one in every TLS context that it makes:
   SHIM_CERT=client.crt SHIM_KEY=client.key LD_PRELOAD=./h2load_certificate.so h2load ... */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>

#define PEM 1

void *SSL_CTX_new(const void *method)
{
    void *(*make)(const void *) = (void *(*)(const void *))dlsym(RTLD_NEXT, "SSL_CTX_new");
    int (*use_certificate)(void *, const char *, int) =
        (int (*)(void *, const char *, int))dlsym(RTLD_NEXT, "SSL_CTX_use_certificate_file");
    int (*use_key)(void *, const char *, int) =
        (int (*)(void *, const char *, int))dlsym(RTLD_NEXT, "SSL_CTX_use_PrivateKey_file");
    void *context = make(method);
    const char *certificate = getenv("SHIM_CERT");
    const char *key = getenv("SHIM_KEY");

    if (context && certificate && key
        && (use_certificate(context, certificate, PEM) != 1 || use_key(context, key, PEM) != 1)) {
        fprintf(stderr, "cannot present %s with %s\n", certificate, key);
        exit(2);
    }
    return context;
}
