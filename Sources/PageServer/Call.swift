import CMicroHTTP
import Glibc
import Platform
import SystemPackage

/// A request that is coming in; only the thread of its connection has it.
final class Exchange {
    let head: PageHead
    /// Bytes that the body is to have.
    let length: Int
    var body: [UInt8] = []

    init(head: PageHead, length: Int) {
        self.head = head
        self.length = length
        body.reserveCapacity(min(length, 1 << 20))
    }
}

/// One call of libmicrohttpd's, as long as it lasts.
@safe struct Call {
    let connection: OpaquePointer?
    private let path: UnsafePointer<CChar>?
    private let method: UnsafePointer<CChar>?
    private let version: UnsafePointer<CChar>?
    private let upload: UnsafePointer<CChar>?
    private let uploadSize: UnsafeMutablePointer<Int>?
    private let kept: UnsafeMutablePointer<UnsafeMutableRawPointer?>?

    init(
        _ connection: OpaquePointer?, _ path: UnsafePointer<CChar>?, _ method: UnsafePointer<CChar>?,
        _ version: UnsafePointer<CChar>?, _ upload: UnsafePointer<CChar>?, _ uploadSize: UnsafeMutablePointer<Int>?,
        _ kept: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
    ) {
        unsafe self.connection = unsafe connection
        unsafe self.path = unsafe path
        unsafe self.method = unsafe method
        unsafe self.version = unsafe version
        unsafe self.upload = unsafe upload
        unsafe self.uploadSize = unsafe uploadSize
        unsafe self.kept = unsafe kept
    }

    var socket: Int32 { unsafe cmicrohttp_socket(connection) }

    /// The request, if its head has come before.
    var exchange: Exchange? {
        unsafe kept?.pointee.map { unsafe Unmanaged<Exchange>.fromOpaque($0).takeUnretainedValue() }
    }

    /// Has the request given again with each call to come.
    func begin(_ exchange: Exchange) { unsafe kept?.pointee = Unmanaged.passRetained(exchange).toOpaque() }

    var head: PageHead {
        unsafe PageHead(
            method: Self.text(method), path: Self.text(path), version: Self.text(version),
            arguments: fields(.GET_ARGUMENT_KIND), fields: fields(.HEADER_KIND))
    }

    private func fields(_ kind: MHD_ValueKind) -> [PageField] {
        var fields: [PageField] = []
        unsafe withUnsafeMutablePointer(to: &fields) { room in
            _ = unsafe MHD_get_connection_values(
                connection, kind,
                { room, _, name, value in
                    let field = unsafe PageField(Call.text(name), Call.text(value))
                    unsafe room?.assumingMemoryBound(to: [PageField].self).pointee.append(field)
                    return .YES
                }, room)
        }
        return fields
    }

    /// The piece of the body that has come; nil if all has.
    func takePiece() -> [UInt8]? {
        guard let count = unsafe uploadSize?.pointee, count > 0 else { return nil }
        unsafe uploadSize?.pointee = 0
        return unsafe [UInt8](UnsafeRawBufferPointer(start: upload, count: count))
    }

    /// Answers.
    ///
    /// - Returns: Whether that could be done; the connection is to be closed if not.
    func reply(_ response: PageResponse) -> Bool {
        guard let made = unsafe Self.make(response.body) else { return false }
        defer { unsafe MHD_destroy_response(made) }
        for field in response.fields {
            guard unsafe MHD_add_response_header(made, field.name, field.value) == .YES else { return false }
        }
        return unsafe MHD_queue_response(connection, UInt32(response.status), made) == .YES
    }

    private static func make(_ body: PageResponse.Body) -> OpaquePointer? {
        switch body {
        case .bytes(var bytes):
            return unsafe bytes.withUnsafeMutableBytes {
                unsafe MHD_create_response_from_buffer($0.count, $0.baseAddress, .RESPMEM_MUST_COPY)
            }
        case .file(let file, let start, let count):
            return unsafe made(of: file) { unsafe MHD_create_response_from_fd_at_offset64(count, $0, start) }
        case .pipe(let pipe): return unsafe made(of: pipe) { unsafe MHD_create_response_from_pipe($0) }
        }
    }

    /// What is made of another descriptor of a file, which is closed with it.
    private static func made(of file: ServedFile, _ make: (Int32) -> OpaquePointer?) -> OpaquePointer? {
        guard let copy = withExtendedLifetime(file, { file.descriptor.duplicateCloseOnExec() }) else { return nil }
        let made = unsafe make(copy.rawValue)
        if unsafe made == nil { Glibc.close(copy.rawValue) }
        return unsafe made
    }

    private static func text(_ text: UnsafePointer<CChar>?) -> String {
        unsafe text.map { unsafe String(cString: $0) } ?? ""
    }
}
