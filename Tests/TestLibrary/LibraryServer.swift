import Glibc
import SystemPackage
import TestServer
import TimbreWire
import Varlink

extension VarlinkService {
    /// The service of a made-up library.
    package init(_ library: FakeLibrary, policy: AccessPolicy = AccessPolicy(owner: getuid())) {
        self.init(library: library, policy: policy, version: "1.2", url: "https://example.org")
    }
}

/// Serves a library while `body` runs, which is given the socket's path.
package func withServer(_ library: FakeLibrary, body: (FilePath) throws -> Void) throws {
    try withServer(VarlinkService(library)) { path, _ in try body(path) }
}
