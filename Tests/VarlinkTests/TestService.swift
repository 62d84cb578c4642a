import Glibc
import Platform
import Synchronization
import SystemPackage
import TestServer
import Varlink

/// A service with a method of each kind, which counts how often it was greeted.
final class TestService: Sendable {
    /// What goes wrong beside the errors that have names.
    struct Oddity: Error, CustomStringConvertible {
        var description: String { "the disk sang" }
    }

    /// An error of the interface.
    enum Failure: ReadableReplyError, Hashable {
        case busy
        case odd(reason: String)
        case other(VarlinkError)
        case unknown(String)

        struct Details: Codable { var reason: String? }

        var name: String {
            switch self {
            case .busy: "org.example.Test.Busy"
            case .odd: "org.example.Test.Odd"
            case .other(let error): error.name
            case .unknown(let name): name
            }
        }

        var parameters: any Encodable {
            switch self {
            case .odd(let reason): Details(reason: reason)
            case .other(let error): error.parameters
            case .busy, .unknown: Details()
            }
        }

        init(name: String, parameters: (any Decoder)?) throws {
            if let error = try VarlinkError(name: name, parameters: parameters) {
                self = .other(error)
                return
            }
            let reason = try parameters.map(Details.init(from:))?.reason
            self =
                switch name {
                case "org.example.Test.Busy": .busy
                case "org.example.Test.Odd": .odd(reason: reason ?? "")
                default: .unknown(name)
                }
        }
    }

    struct Nothing: Codable {}

    struct Greeting: Codable, Equatable {
        var text: String
    }

    struct Limit: Codable {
        var limit: Int?
    }

    struct Number: Codable, Equatable {
        var number: Int
    }

    static let definition = "interface org.example.Test\n"

    /// How often it was greeted.
    let greetings = Mutex(0)
    /// How many calls have waited.
    let waits = Mutex(0)

    /// - Parameter access: What everybody may do.
    func service(access: Access = .change) -> VarlinkService {
        let methods = [
            VarlinkMethod("Write", access: .read, streaming: .ifAsked) { (_: Nothing, peer, _) in
                guard let passed = peer.passed else { return Number(number: -1) }
                _ = try passed.writeAll("written".utf8)
                return Number(number: Int(passed.rawValue))
            },
            VarlinkMethod("Greet", access: .read, streaming: .never) { (_: Nothing, _, _) in
                self.greetings.withLock { $0 += 1 }
                return Greeting(text: "hello")
            },
            VarlinkMethod("Change", access: .change, streaming: .never) { (_: Nothing, _, _) in Nothing() },
            // Counts up to a number, of which the last reply is that.
            VarlinkMethod(
                "Count", access: .read, streaming: .always,
                check: { (parameters: Limit) in
                    guard parameters.limit ?? 0 >= 0 else { throw VarlinkError.invalidParameter("limit") }
                },
                body: { parameters, _, send in
                    let limit = parameters.limit ?? 3
                    for number in 0..<limit { try send(Number(number: number)) }
                    return Number(number: limit)
                }),
            VarlinkMethod("Tell", access: .read, streaming: .ifAsked) { (_: Nothing, _, send) in
                try send(Greeting(text: "soon"))
                return Greeting(text: "now")
            },
            VarlinkMethod("Fail", access: .read, streaming: .never) { (_: Nothing, _, _) -> Nothing in throw Oddity() },
            // Waits for what never comes, as long as its client does.
            VarlinkMethod("Wait", access: .read, streaming: .never) { (_: Nothing, peer, _) -> Nothing in
                let never = try EventSignal()
                self.waits.withLock { $0 += 1 }
                while true { try peer.wait(for: never, atMost: .seconds(60)) }
            },
        ]
        return VarlinkService(
            .init(vendor: "somebody", name: "test", version: "1.2", url: "https://example.org"),
            interfaces: [VarlinkInterface(name: "org.example.Test", definition: Self.definition, methods: methods)],
            policy: { _ in access }, busy: Failure.busy, unexpected: { Failure.odd(reason: "\($0)") })
    }

    /// Serves while `body` runs, which is given the socket's path.
    func serve(
        limits: VarlinkServer.Limits = VarlinkServer.Limits(), access: Access = .change,
        body: (FilePath, VarlinkServer) throws -> Void
    ) throws {
        try withServer(service(access: access), limits: limits, body: body)
    }

    static func serve(_ body: (FilePath) throws -> Void) throws {
        try TestService().serve { path, _ in try body(path) }
    }
}
