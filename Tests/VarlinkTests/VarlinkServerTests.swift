import Glibc
import Synchronization
import SystemPackage
import Testing

@testable import Varlink

@Suite(.serialized) struct VarlinkServerTests {
    static let greet = "{\"method\":\"org.example.Test.Greet\"}\0"
    static let greeting = "{\"parameters\":{\"text\":\"hello\"}}\0"
    static let countForLong =
        "{\"method\":\"org.example.Test.Count\",\"more\":true,\"parameters\":{\"limit\":1000000}}\0"

    @Test func answersOneCallAfterTheOther() throws {
        try TestService.serve { path in
            let client = try RawClient(path)
            try client.send(Self.greet + Self.greet)
            try client.send(Self.greet)
            #expect(try client.receive(messages: 3) == Self.greeting + Self.greeting + Self.greeting)
        }
    }

    @Test func aCallMayComeByteByByte() throws {
        try TestService.serve { path in
            let client = try RawClient(path)
            for letter in Self.greet.unicodeScalars { try client.send(String(letter)) }
            #expect(try client.receive(messages: 1) == Self.greeting)
        }
    }

    @Test("Hangs up on rubbish, and serves the others", arguments: ["rubbish\0", "\0", "{}\0", "GET / HTTP/1.1\r\n\0"])
    func rubbish(text: String) throws {
        try TestService.serve { path in
            let good = try RawClient(path)
            let bad = try RawClient(path)
            try bad.send(text)
            #expect(try bad.receive() == "")
            try good.send(Self.greet)
            #expect(try good.receive(messages: 1) == Self.greeting)
        }
    }

    @Test func hangsUpOnAHundredMegabytesWithoutANul() throws {
        try TestService.serve { path in
            let good = try RawClient(path)
            let bad = try RawClient(path)
            let megabyte = [UInt8](repeating: UInt8(ascii: "x"), count: 1 << 20)
            var sent = 0
            #expect(throws: Errno.brokenPipe) {
                while sent < 100 {
                    do { try bad.descriptor.sendAll(megabyte) } catch Errno.connectionReset { throw Errno.brokenPipe }
                    sent += 1
                }
            }
            #expect((32...34).contains(sent))
            try good.send(Self.greet)
            #expect(try good.receive(messages: 1) == Self.greeting)
        }
    }

    @Test func hangsUpOnACallThatIsNestedAMillionDeep() throws {
        try TestService.serve { path in
            let bad = try RawClient(path)
            let deep = String(repeating: "[", count: 1_000_000)
            try bad.send("{\"method\":\"org.example.Test.Greet\",\"parameters\":" + deep + "\0")
            #expect(try bad.receive() == "")
        }
    }

    @Test func halfAMessageDisturbsNobody() throws {
        try TestService.serve { path in
            let bad = try RawClient(path)
            try bad.send("{\"method\":")
            let good = try RawClient(path)
            try good.send(Self.greet)
            #expect(try good.receive(messages: 1) == Self.greeting)
            withExtendedLifetime(bad) {}
        }
    }

    @Test func aMessageThatDoesNotEndInTimeEndsItsConnectionAlone() throws {
        var limits = VarlinkServer.Limits()
        limits.receiving = .milliseconds(100)
        try TestService().serve(limits: limits) { path, _ in
            let idle = try RawClient(path)
            try idle.send(Self.greet)
            #expect(try idle.receive(messages: 1) == Self.greeting)
            let bad = try RawClient(path)
            try bad.send("{\"method\":")
            #expect(try bad.receive() == "")
            // Who is between two messages has been so for longer, and may.
            try idle.send(Self.greet)
            #expect(try idle.receive(messages: 1) == Self.greeting)
        }
    }

    // Whoever is hung up on is told of a broken pipe, or of a reset if the server left something unread.

    @Test func aTrickleDoesNotKeepAMessageAlive() throws {
        var limits = VarlinkServer.Limits()
        limits.receiving = .milliseconds(100)
        try TestService().serve(limits: limits) { path, _ in
            let bad = try RawClient(path)
            let deadline = ContinuousClock.now + .seconds(20)
            #expect(throws: Errno.self) {
                while ContinuousClock.now < deadline { try bad.send(" ") }
            }
        }
    }

    @Test func unfinishedMessagesShareTheirRoom() throws {
        var limits = VarlinkServer.Limits()
        limits.unfinished = 1 << 20
        try TestService().serve(limits: limits) { path, _ in
            let first = try RawClient(path)
            try first.send(String(repeating: " ", count: 700_000))
            let good = try RawClient(path)
            try good.send(Self.greet)
            #expect(try good.receive(messages: 1) == Self.greeting)
            let second = try RawClient(path)
            #expect(throws: Errno.self) {
                for _ in 0..<100 { try second.send(String(repeating: " ", count: 50_000)) }
            }
            withExtendedLifetime(first) {}
        }
    }

    @Test func aGuestLeavesRoomForOthers() throws {
        let connections = Connections(limit: 5, ofGuest: 2, ofGuests: 3)
        let descriptors = (1000..<1010).map { FileDescriptor(rawValue: $0) }
        #expect(connections.add(descriptors[0], ofGuest: 7) && connections.add(descriptors[1], ofGuest: 7))
        #expect(!connections.add(descriptors[2], ofGuest: 7))
        #expect(connections.add(descriptors[2], ofGuest: 8))
        #expect(!connections.add(descriptors[3], ofGuest: 9))
        #expect(connections.add(descriptors[3], ofGuest: nil) && connections.add(descriptors[4], ofGuest: nil))
        #expect(!connections.add(descriptors[5], ofGuest: nil))
    }

    @Test func roomIsTakenAndGivenBack() {
        let room = ReceivingRoom(size: 100)
        #expect(room.change(0, to: 60) && !room.change(0, to: 41) && room.change(0, to: 40))
        #expect(room.change(60, to: 10) && room.change(40, to: 90))
        room.release(90)
        #expect(!room.change(10, to: 101) && room.change(10, to: 100))
    }

    @Test func whoDoesNotReadLosesOnlyHisConnection() throws {
        var limits = VarlinkServer.Limits()
        limits.sending = .milliseconds(100)
        try TestService().serve(limits: limits) { path, _ in
            let good = try RawClient(path)
            let bad = try RawClient(path)
            try bad.send(Self.countForLong)
            try good.send(Self.greet)
            #expect(try good.receive(messages: 1) == Self.greeting)
            // Hung up: what was sent before can still be read, and then there is no more.
            var hangUp = [pollfd(fd: bad.descriptor.rawValue, events: 0, revents: 0)]
            #expect(unsafe poll(&hangUp, 1, 20_000) == 1)
            #expect(CInt(hangUp[0].revents) & POLLHUP != 0)
            #expect(try bad.receive().split(separator: "\0").count < 1_000_000)
        }
    }

    @Test func whoGoesDuringAStreamIsForgotten() throws {
        try TestService.serve { path in
            for _ in 0..<5 {
                let gone = try RawClient(path)
                try gone.send(Self.countForLong)
                _ = try gone.receive(messages: 1)
            }
            let good = try RawClient(path)
            try good.send(Self.greet)
            #expect(try good.receive(messages: 1) == Self.greeting)
        }
    }

    @Test func manyClientsAreServedAtOnceAndFurtherOnesTurnedAway() throws {
        var limits = VarlinkServer.Limits()
        limits.connections = 100
        try TestService().serve(limits: limits) { path, _ in
            let clients = try (0..<100).map { _ in try FileDescriptor.connected(to: path) }
            for client in clients { try client.sendAll(Array(Self.greet.utf8)) }
            for client in clients {
                #expect(try client.receive(upTo: 4096) == Array(Self.greeting.utf8))
            }
            let further = try RawClient(path)
            #expect(try further.receive().contains("org.example.Test.Busy"))
            for client in clients { try client.close() }
            // Their places are free again, once the server has seen that they are gone.
            let deadline = ContinuousClock.now + .seconds(20)
            var answer = ""
            while answer != Self.greeting, ContinuousClock.now < deadline {
                let client = try RawClient(path)
                do { try client.send(Self.greet) } catch Errno.brokenPipe {}
                answer = try client.receive(messages: 1)
            }
            #expect(answer == Self.greeting)
        }
    }

    @Test func whoHasJustConnectedWhenTheServerStopsIsAnswered() throws {
        var limits = VarlinkServer.Limits()
        limits.greeting = .seconds(15)
        try TestService().serve(limits: limits) { path, server in
            let new = try RawClient(path)
            // Those who came first are let in first.
            let known = try RawClient(path)
            try known.send(Self.greet)
            #expect(try known.receive(messages: 1) == Self.greeting)
            server.stop()
            #expect(try known.receive() == "")
            try new.send(Self.greet)
            #expect(try new.receive() == Self.greeting)
        }
    }

    @Test func whoHasJustConnectedAndSaysNothingIsNotWaitedForForLong() throws {
        var limits = VarlinkServer.Limits()
        limits.greeting = .milliseconds(20)
        try TestService().serve(limits: limits) { path, server in
            let silent = try RawClient(path)
            let known = try RawClient(path)
            try known.send(Self.greet)
            #expect(try known.receive(messages: 1) == Self.greeting)
            server.stop()
            #expect(try silent.receive() == "")
        }
    }

    @Test func aStrangerIsToldSoAndTurnedAway() throws {
        try TestService().serve(access: .nothing) { path, _ in
            let client = try RawClient(path)
            try client.send(Self.greet)
            #expect(
                try client.receive() == "{\"error\":\"org.varlink.service.PermissionDenied\",\"parameters\":{}}\0")
        }
    }

    @Test func theServerShowsThatItIsAlive() throws {
        try TestService().serve { _, server in
            let before = ContinuousClock.now
            server.poke()
            while server.lastTurn < before, ContinuousClock.now - before < .seconds(20) { sched_yield() }
            #expect(server.lastTurn >= before)
        }
    }

    @Test func whoHangsUpWhileHisCallWaitsFreesHisPlace() throws {
        var limits = VarlinkServer.Limits()
        limits.connections = 8
        let test = TestService()
        try test.serve(limits: limits) { path, _ in
            let deadline = ContinuousClock.now + .seconds(20)
            // A place that was left is free as soon as the server has seen so.
            while test.waits.withLock({ $0 }) < 40, .now < deadline {
                let before = test.waits.withLock { $0 }
                let client = try RawClient(path)
                do { try client.send("{\"method\":\"org.example.Test.Wait\"}\0") } catch Errno.brokenPipe {}
                while test.waits.withLock({ $0 }) == before, !client.isTurnedAway, .now < deadline { sched_yield() }
            }
            #expect(test.waits.withLock { $0 } == 40)
        }
    }
}
