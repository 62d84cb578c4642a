#define _GNU_SOURCE
#include "CLinux.h"
#include <arpa/inet.h>
#include <errno.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/time.h>

/// The question for one connection, as the kernel reads it.
struct question {
    struct nlmsghdr header;
    struct inet_diag_req_v2 wanted;
};

static int ask(int netlink, uint16_t theirs, uint16_t ours) {
    struct question question = {
        .header = {.nlmsg_len = sizeof question, .nlmsg_type = SOCK_DIAG_BY_FAMILY, .nlmsg_flags = NLM_F_REQUEST},
        .wanted = {.sdiag_family = AF_INET, .sdiag_protocol = IPPROTO_TCP, .idiag_states = ~0u},
    };
    struct inet_diag_sockid *wanted = &question.wanted.id;
    wanted->idiag_sport = htons(theirs);
    wanted->idiag_dport = htons(ours);
    wanted->idiag_src[0] = wanted->idiag_dst[0] = htonl(INADDR_LOOPBACK);
    wanted->idiag_cookie[0] = wanted->idiag_cookie[1] = INET_DIAG_NOCOOKIE;
    return send(netlink, &question, sizeof question, 0) == (ssize_t)sizeof question ? 0 : -1;
}

static int answer(int netlink, uint32_t *user) {
    union {
        struct nlmsghdr header;
        char room[8192];
    } message;
    ssize_t size = recv(netlink, &message, sizeof message, 0);
    if (size < 0) return -1;
    if (!NLMSG_OK(&message.header, (size_t)size)) {
        errno = EPROTO;
        return -1;
    }
    if (message.header.nlmsg_type == NLMSG_ERROR && message.header.nlmsg_len >= NLMSG_LENGTH(sizeof(struct nlmsgerr))) {
        errno = -((struct nlmsgerr *)NLMSG_DATA(&message.header))->error;
        return -1;
    }
    if (message.header.nlmsg_len < NLMSG_LENGTH(sizeof(struct inet_diag_msg))) {
        errno = EPROTO;
        return -1;
    }
    const struct inet_diag_msg *found = NLMSG_DATA(&message.header);
    // Of a socket that nobody has any more the kernel says that it is root's.
    if (found->idiag_inode == 0) {
        errno = ENOENT;
        return -1;
    }
    *user = found->idiag_uid;
    return 0;
}

int clinux_tcp_owner(uint16_t theirs, uint16_t ours, uint32_t *user) {
    int netlink = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
    if (netlink < 0) return -1;
    const struct timeval patience = {.tv_sec = 1};
    int result = setsockopt(netlink, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (result == 0) result = ask(netlink, theirs, ours);
    if (result == 0) result = answer(netlink, user);
    int failure = errno;
    close(netlink);
    errno = failure;
    return result;
}
