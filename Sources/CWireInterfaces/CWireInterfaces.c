#include "CWireInterfaces.h"

// `#embed` is C23's.
#pragma clang diagnostic ignored "-Wc23-extensions"

const char *library_interface(void) {
    static const unsigned char text[] = {
#embed "../../Config/org.timbred.Library.varlink"
    , 0};
    return (const char *)text;
}

const char *cluster_interface(void) {
    static const unsigned char text[] = {
#embed "../../Config/org.timbred.Cluster.varlink"
    , 0};
    return (const char *)text;
}
