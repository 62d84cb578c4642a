// The interfaces' definitions in Config, as parts of the programs; see CPageFiles for why C has them.
#pragma once

/// `org.timbred.Library.varlink`, ended by a zero byte.
const char *library_interface(void);
/// `org.timbred.Cluster.varlink`, ended by a zero byte.
const char *cluster_interface(void);
