import Glibc
import Platform
import SystemPackage
import Testing

struct PromiseTests {
    @Test func theFirstValueCounts() throws {
        let promise = Promise<Int, any Error>()
        #expect(try promise.valueIfGiven() == nil)
        #expect(try promise.wait(atMost: .zero) == nil)
        promise.fulfil(.success(1))
        promise.fulfil(.success(2))
        #expect(try promise.valueIfGiven() == 1)
        #expect(try promise.wait() == 1)
        #expect(try promise.wait(atMost: .seconds(1_000_000_000)) == 1)
    }

    @Test func anErrorReachesWhoeverWaits() {
        let promise = Promise<Int, Errno>()
        promise.fulfil(.failure(.ioError))
        #expect(throws: Errno.ioError) { try promise.wait() }
        #expect(throws: Errno.ioError) { try promise.wait(atMost: .zero) }
    }

    @Test func allWhoWaitAreWoken() throws {
        let promise = Promise<Int, Never>()
        let answers = try (0..<3).map { number in
            let answer = Promise<Int, Never>()
            try DetachedThread.start { answer.fulfil(.success(number + promise.wait())) }
            return answer
        }
        promise.fulfil(.success(10))
        #expect(answers.map { $0.wait() } == [10, 11, 12])
    }

    @Test func aSignalIsRaisedWithTheValue() throws {
        let signal = try EventSignal()
        let promise = Promise<Void, Never>(raising: signal)
        #expect(!isReadable(signal.descriptor))
        promise.fulfil(.success(()))
        #expect(isReadable(signal.descriptor))
        signal.lower()
        signal.lower()
        #expect(!isReadable(signal.descriptor))
        #expect(fcntl(signal.descriptor.rawValue, F_GETFD) == FD_CLOEXEC)
    }
}

struct ProbeTests {
    @Test func whatIsFoundInTimeIsTaken() {
        #expect(Probe.answer(within: .seconds(60)) { 3 } == 3)
    }

    @Test func whatHangsTakesThreadsFromItsOwnLimitAlone() throws {
        let (limit, end) = (ProbeLimit(2), Promise<Void, Never>())
        let hanging = try (0..<2).map { _ in try Probe(limit: limit) { end.wait() } }
        #expect(throws: Errno.resourceTemporarilyUnavailable) { try Probe(limit: limit) { 3 } }
        #expect(Probe.answer(within: .seconds(60), limit: ProbeLimit(1)) { 3 } == 3)
        end.fulfil(.success(()))
        for probe in hanging { _ = probe.wait(until: .now + .seconds(60)) }
        #expect(Probe.answer(within: .seconds(60), limit: limit) { 3 } == 3)
    }

    @Test func nobodyWaitsForWhatDoesNotAnswer() throws {
        var ends: [Int32] = [-1, -1]
        try #require(unsafe pipe(&ends) == 0)
        let (reading, writing) = (FileDescriptor(rawValue: ends[0]), FileDescriptor(rawValue: ends[1]))
        let hasAnswered = Promise<Void, Never>()
        let probe = try Probe({ waitForEnd(of: reading) }, then: { hasAnswered.fulfil(.success(())) })
        #expect(probe.wait(until: .now + .milliseconds(20)) == nil)
        #expect(probe.found == nil)
        try writing.close()
        hasAnswered.wait()
        #expect(probe.found == 0)
        #expect(probe.wait(until: .now) == 0)
        try reading.close()
    }
}

/// The bytes that are read until the other end is closed.
private func waitForEnd(of pipe: FileDescriptor) -> Int {
    do { return try pipe.readToEnd().count } catch { return -1 }
}

private func isReadable(_ descriptor: FileDescriptor) -> Bool {
    var entry = pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&entry, 1, 0) == 1
}
