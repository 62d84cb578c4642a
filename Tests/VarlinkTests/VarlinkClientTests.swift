import SystemPackage
import TestServer
import Testing
import Varlink

struct VarlinkClientTests {
    @Test func callsOneMethodAfterTheOther() throws {
        try TestService.serve { path in
            var client = try VarlinkClient(connectingTo: path)
            for _ in 0..<3 {
                let reply: TestService.Greeting = try client.call(
                    "org.example.Test.Greet", TestService.Nothing(), failure: TestService.Failure.self)
                #expect(reply == TestService.Greeting(text: "hello"))
            }
        }
    }

    @Test func takesEveryReplyOfAStream() throws {
        try TestService.serve { path in
            var client = try VarlinkClient(connectingTo: path)
            var numbers: [Int] = []
            let last: TestService.Number = try client.call(
                "org.example.Test.Count", TestService.Limit(limit: 4), failure: TestService.Failure.self
            ) { numbers.append($0.number) }
            #expect(numbers == [0, 1, 2, 3] && last.number == 4)
        }
    }

    @Test(
        "Throws the error that is the reply",
        arguments: [
            ("Fail", TestService.Failure.odd(reason: "the disk sang")),
            ("Sing", .other(.methodNotFound(method: "org.example.Test.Sing"))),
            ("Count", .other(.expectedMore)),
        ])
    func errors(method: String, failure: TestService.Failure) throws {
        try TestService.serve { path in
            var client = try VarlinkClient(connectingTo: path)
            do {
                let _: TestService.Nothing = try client.call(
                    "org.example.Test.\(method)", TestService.Nothing(), failure: TestService.Failure.self)
                Issue.record("no error came")
            } catch let error as TestService.Failure { #expect(error == failure) }
        }
    }

    @Test func aClientIsToldThatNobodyListens() throws {
        try withFolder { folder in
            let path = folder.appending("s.sock")
            #expect(throws: SocketError(path: path, reason: .nobody)) { _ = try VarlinkClient(connectingTo: path) }
        }
    }
}
