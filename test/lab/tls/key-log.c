/*
 * Preloaded into a server of the lab: each TLS context that it makes writes the secrets of its connections, as lines of a
 * key log (RFC 9850), to the file that FTPSCOPE_LAB_KEY_LOG names.
 *
 * Servers change their root directory, drop privileges and close descriptors that they do not know. The file is opened
 * when the program starts, on a high descriptor, and again when a context is made and that descriptor is gone.
 *
 * OpenSSL's functions are looked up when the program runs, so no header of it is needed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#define LOWEST_DESCRIPTOR 200

typedef void (*key_log_callback)(const void *connection, const char *line);

static char path[4096];
static int descriptor = -1;

static void open_file(void)
{
    int low;

    if (path[0] == '\0' || (descriptor >= 0 && fcntl(descriptor, F_GETFD) >= 0))
        return;
    low = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
    if (low < 0)
        return;
    descriptor = fcntl(low, F_DUPFD_CLOEXEC, LOWEST_DESCRIPTOR);
    close(low);
}

__attribute__((constructor)) static void start(void)
{
    const char *named = getenv("FTPSCOPE_LAB_KEY_LOG");

    if (named == NULL || strlen(named) >= sizeof path)
        return;
    strcpy(path, named);
    open_file();
}

/* One call for a whole line: several processes share the file. */
static void write_line(const void *connection, const char *line)
{
    struct iovec parts[2] = {{(void *)line, strlen(line)}, {"\n", 1}};
    int before = errno;

    (void)connection;
    open_file();
    if (descriptor >= 0 && writev(descriptor, parts, 2) < 0)
        descriptor = -1;
    errno = before;
}

/* A module loaded at run time keeps its libraries to itself, where RTLD_NEXT does not find them. */
static void *function_of_openssl(const char *name)
{
    void *found = dlsym(RTLD_NEXT, name);
    void *library;

    if (found != NULL)
        return found;
    library = dlopen("libssl.so.3", RTLD_LAZY);
    return library == NULL ? NULL : dlsym(library, name);
}

void *SSL_CTX_new(const void *method)
{
    void *(*make)(const void *) = (void *(*)(const void *))function_of_openssl("SSL_CTX_new");
    void (*set)(void *, key_log_callback) =
        (void (*)(void *, key_log_callback))function_of_openssl("SSL_CTX_set_keylog_callback");
    void *context = make == NULL ? NULL : make(method);

    open_file();
    if (context != NULL && set != NULL)
        set(context, write_line);
    return context;
}
