import Synchronization
import Testing
import Varlink

struct VarlinkServiceTests {
    static let peer = Peer(user: 1000, groups: [1000], process: 1)

    /// The replies to one message, without their NULs.
    func replies(
        to message: String, _ test: TestService = TestService(), access: Access = .change
    ) throws -> [String] {
        var replies: [String] = []
        try test.service(access: access).answer(Array(message.utf8), from: Self.peer) { bytes in
            #expect(bytes.last == 0 && !bytes.dropLast().contains(0))
            replies.append(String(decoding: bytes.dropLast(), as: UTF8.self))
        }
        return replies
    }

    struct Exchange {
        var call: String
        var reply: String
    }

    static let errors = [
        Exchange(
            call: #"{"method":"org.example.Test.Sing"}"#,
            reply: #"{"error":"org.varlink.service.MethodNotFound","parameters":{"method":"org.example.Test.Sing"}}"#),
        Exchange(
            call: #"{"method":"org.example.Ping"}"#,
            reply: #"{"error":"org.varlink.service.InterfaceNotFound","parameters":{"interface":"org.example"}}"#),
        Exchange(
            call: #"{"method":"Ping"}"#,
            reply: #"{"error":"org.varlink.service.InterfaceNotFound","parameters":{"interface":"Ping"}}"#),
        Exchange(
            call: #"{"method":""}"#,
            reply: #"{"error":"org.varlink.service.InterfaceNotFound","parameters":{"interface":""}}"#),
        Exchange(
            call: #"{"method":"org.example.Test.Count"}"#,
            reply: #"{"error":"org.varlink.service.ExpectedMore","parameters":{}}"#),
        Exchange(
            call: #"{"method":"org.example.Test.Greet","upgrade":true}"#,
            reply: #"{"error":"org.varlink.service.MethodNotImplemented","#
                + #""parameters":{"method":"org.example.Test.Greet"}}"#),
        Exchange(
            call: #"{"method":"org.varlink.service.GetInterfaceDescription","parameters":{"interface":"a.b"}}"#,
            reply: #"{"error":"org.varlink.service.InterfaceNotFound","parameters":{"interface":"a.b"}}"#),
        Exchange(
            call: #"{"method":"org.example.Test.Count","more":true,"parameters":{"limit":"x"}}"#,
            reply: #"{"error":"org.varlink.service.InvalidParameter","parameters":{"parameter":"limit"}}"#),
        Exchange(
            call: #"{"method":"org.example.Test.Count","more":true,"parameters":{"limit":-1}}"#,
            reply: #"{"error":"org.varlink.service.InvalidParameter","parameters":{"parameter":"limit"}}"#),
        Exchange(
            call: #"{"method":"org.example.Test.Count","more":true,"parameters":7}"#,
            reply: #"{"error":"org.varlink.service.InvalidParameter","parameters":{"parameter":"parameters"}}"#),
        Exchange(
            call: #"{"method":"org.example.Test.Fail"}"#,
            reply: #"{"error":"org.example.Test.Odd","parameters":{"reason":"the disk sang"}}"#),
    ]

    @Test("Says by name what is wrong with a call", arguments: errors)
    func wrongCalls(exchange: Exchange) throws {
        #expect(try replies(to: exchange.call) == [exchange.reply])
    }

    @Test("Closes on what is not a call", arguments: ["", "{", "[]", "7", "{}", #"{"method":7}"#, "\u{FF}", "GET / "])
    func rubbish(message: String) {
        #expect(throws: VarlinkService.NotACall.self) { _ = try replies(to: message) }
    }

    @Test func rubbishThatIsDeepIsRubbishToo() {
        let deep = String(repeating: "[", count: 1_000_000)
        #expect(throws: VarlinkService.NotACall.self) { _ = try replies(to: deep) }
        #expect(throws: VarlinkService.NotACall.self) { _ = try replies(to: #"{"method":"a.b","parameters":"# + deep) }
    }

    @Test func aOnewayCallIsAnsweredByNothing() throws {
        let test = TestService()
        #expect(try replies(to: #"{"method":"org.example.Test.Greet","oneway":true,"parameters":{}}"#, test) == [])
        #expect(test.greetings.withLock { $0 } == 1)
        #expect(try replies(to: #"{"method":"org.example.Test.Sing","oneway":true}"#) == [])
    }

    @Test func aStreamContinuesUntilItsLastReply() throws {
        #expect(
            try replies(to: #"{"method":"org.example.Test.Count","more":true}"#) == [
                #"{"continues":true,"parameters":{"number":0}}"#,
                #"{"continues":true,"parameters":{"number":1}}"#,
                #"{"continues":true,"parameters":{"number":2}}"#,
                #"{"parameters":{"number":3}}"#,
            ])
    }

    @Test func aClientThatDoesNotAskForMoreGetsTheLastReply() throws {
        #expect(
            try replies(to: #"{"method":"org.example.Test.Tell","parameters":{}}"#)
                == [#"{"parameters":{"text":"now"}}"#])
    }

    @Test func tellsOfItself() throws {
        #expect(
            try replies(to: #"{"method":"org.varlink.service.GetInfo"}"#) == [
                #"{"parameters":{"interfaces":["org.varlink.service","org.example.Test"],"product":"test","#
                    + #""url":"https://example.org","vendor":"somebody","version":"1.2"}}"#
            ])
        #expect(
            try replies(
                to: #"{"method":"org.varlink.service.GetInterfaceDescription","#
                    + #""parameters":{"interface":"org.example.Test"}}"#)
                == [#"{"parameters":{"description":"interface org.example.Test\n"}}"#])
    }

    @Test("Lets a client do what it may, and no more")
    func permissions() throws {
        let denied = [#"{"error":"org.varlink.service.PermissionDenied","parameters":{}}"#]
        let change = #"{"method":"org.example.Test.Change"}"#
        #expect(try replies(to: change) == [#"{"parameters":{}}"#])
        #expect(try replies(to: change, access: .read) == denied)
        #expect(try replies(to: #"{"method":"org.example.Test.Greet"}"#, access: .read) != denied)
        for method in ["org.example.Test.Greet", "org.varlink.service.GetInfo", "a.b"] {
            #expect(try replies(to: #"{"method":"\#(method)"}"#, access: .nothing) == denied)
        }
    }

    @Test func aClientThatIsGoneEndsTheStream() {
        struct Gone: Error {}
        var sent = 0
        #expect(throws: Gone.self) {
            try TestService().service().answer(
                Array(#"{"method":"org.example.Test.Count","more":true,"parameters":{"limit":1000000}}"#.utf8),
                from: Self.peer
            ) { _ in
                sent += 1
                if sent == 3 { throw Gone() }
            }
        }
        #expect(sent == 3)
    }
}
