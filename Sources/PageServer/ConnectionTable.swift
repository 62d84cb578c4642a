/// The connections of a server, and which of them have to make room.
///
/// A connection that is being answered stays. One that owes us the head of a request may be slow, but not for ever, and
/// not while others find no place. The table reads no clock: every call is told the time.
struct ConnectionTable {
    typealias Instant = ContinuousClock.Instant

    /// How many connections there may be.
    let most: Int
    /// How long the head of the first request may take.
    let patience: Duration
    /// How long a connection may be kept between two requests, the head of the second included.
    let rest: Duration

    private enum Phase {
        /// A head is awaited, until then.
        case waiting(since: Instant, until: Instant)
        case answering
    }

    private var phases: [Int32: Phase] = [:]

    init(most: Int, patience: Duration = .seconds(5), rest: Duration = .seconds(20)) {
        self.most = most
        self.patience = patience
        self.rest = rest
    }

    var count: Int { phases.count }
    /// Whether a request is being answered.
    var isBusy: Bool { phases.values.contains { if case .answering = $0 { true } else { false } } }

    /// Takes a new connection in.
    ///
    /// - Returns: The sockets to be shut down: those that have waited for too long; if that is not room enough, the one that
    ///   has waited longest; if none has, the new one.
    mutating func opened(_ socket: Int32, at now: Instant) -> [Int32] {
        var waiting: [(socket: Int32, since: Instant, until: Instant)] = []
        for case (let socket, .waiting(let since, let until)) in phases { waiting.append((socket, since, until)) }
        var leaving = waiting.filter { $0.until <= now }.map(\.socket)
        phases[socket] = .waiting(since: now, until: now + patience)
        if phases.count - leaving.count > most {
            leaving.append(waiting.filter { $0.until > now }.min { $0.since < $1.since }?.socket ?? socket)
        }
        // They are counted no more, though the server has still to notice that they are shut.
        for socket in leaving { phases[socket] = nil }
        return leaving
    }

    /// Notes that a request's head has come.
    mutating func requestBegan(_ socket: Int32) { if phases[socket] != nil { phases[socket] = .answering } }

    /// Notes that a request has been answered.
    mutating func requestEnded(_ socket: Int32, at now: Instant) {
        if phases[socket] != nil { phases[socket] = .waiting(since: now, until: now + rest) }
    }

    mutating func closed(_ socket: Int32) { phases[socket] = nil }
}
