#pragma once
#include <microhttpd.h>

/// What a server calls, each with `context`, on threads of its own.
struct cmicrohttp_callbacks {
    void *context;
    /// Whether a connection is to be answered at all.
    MHD_AcceptPolicyCallback admit;
    MHD_NotifyConnectionCallback changed;
    MHD_AccessHandlerCallback answer;
    MHD_RequestCompletedCallback completed;
};

/// In what a server is to be modest.
struct cmicrohttp_limits {
    unsigned connections;
    /// Seconds in which nothing is sent or received, after which a connection is closed.
    unsigned patience;
    /// Bytes for the head of a request and of its answer.
    size_t memory;
    size_t stack;
};

/// MHD_start_daemon(), whose many arguments Swift cannot give: serves a socket that listens, each connection on a thread
/// of its own. The socket is closed with the server. Returns NULL with errno if it cannot.
static inline struct MHD_Daemon *cmicrohttp_start(
    int socket, struct cmicrohttp_callbacks callbacks, struct cmicrohttp_limits limits) {
    return MHD_start_daemon(
        MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_POLL | MHD_USE_ITC, 0, callbacks.admit,
        callbacks.context, callbacks.answer, callbacks.context,                                 //
        MHD_OPTION_LISTEN_SOCKET, socket,                                                       //
        MHD_OPTION_CONNECTION_LIMIT, limits.connections,                                        //
        MHD_OPTION_CONNECTION_TIMEOUT, limits.patience,                                         //
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, limits.memory,                                      //
        MHD_OPTION_THREAD_STACK_SIZE, limits.stack,                                             //
        MHD_OPTION_STRICT_FOR_CLIENT, 1,                                                        //
        MHD_OPTION_NOTIFY_CONNECTION, callbacks.changed, callbacks.context,                     //
        MHD_OPTION_NOTIFY_COMPLETED, callbacks.completed, callbacks.context, MHD_OPTION_END);
}

/// MHD_get_connection_info(): the connection's socket.
static inline int cmicrohttp_socket(struct MHD_Connection *connection) {
    return MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
}

/// MHD_set_connection_option(): how many seconds may pass without anything sent or received.
static inline void cmicrohttp_set_patience(struct MHD_Connection *connection, unsigned seconds) {
    MHD_set_connection_option(connection, MHD_CONNECTION_OPTION_TIMEOUT, seconds);
}
