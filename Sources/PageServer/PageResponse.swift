import Glibc
import SystemPackage

/// What is answered to a request.
package struct PageResponse: Sendable {
    package enum Body: Sendable {
        case bytes([UInt8])
        /// A part of a file; its length is told before it is sent.
        case file(ServedFile, from: UInt64, count: UInt64)
        /// All that comes out of a pipe; how much that is nobody knows beforehand.
        case pipe(ServedFile)
    }

    /// 200, for instance.
    package var status: Int
    package var fields: [PageField]
    package var body: Body

    package init(_ status: Int, fields: [PageField] = [], body: Body = .bytes([])) {
        self.status = status
        self.fields = fields
        self.body = body
    }
}

/// A file that is open for reading, and closed when nobody serves it any more.
package final class ServedFile: Sendable {
    package let descriptor: FileDescriptor

    /// Becomes the owner of a descriptor.
    package init(owning descriptor: FileDescriptor) { self.descriptor = descriptor }

    deinit { Glibc.close(descriptor.rawValue) }

    /// The first bytes of the file, `count` at the most.
    package func beginning(_ count: Int) throws -> [UInt8] {
        try withExtendedLifetime(self) {
            try unsafe [UInt8](unsafeUninitializedCapacity: count) { room, filled in
                filled = try unsafe descriptor.read(fromAbsoluteOffset: 0, into: UnsafeMutableRawBufferPointer(room))
            }
        }
    }
}

/// Whether a request is read to its end.
package enum PageReview: Sendable {
    /// Its body is not read, and the connection closed after the answer.
    case refuse(PageResponse)
    /// Its body may have so many bytes.
    case read(upTo: Int)
}

/// Answers requests, on as many threads as there are connections.
package protocol PageResponder: Sendable {
    /// Decides about a request when only its head has come.
    func review(_ head: PageHead) -> PageReview
    func answer(_ request: PageRequest) -> PageResponse
}
