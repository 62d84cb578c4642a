import Synchronization

/// Lets an audio element have one sound: it can send no key of its own.
///
/// A ticket is a name that nobody can guess, good for ten minutes after it was used last.
final class Tickets: Sendable {
    typealias Instant = ContinuousClock.Instant

    private struct Ticket {
        var sound: PlayableSound
        var until: Instant
    }

    private static let life = Duration.seconds(600)
    /// Tickets at a time; beyond that the one that ends first is given up.
    private static let most = 2048

    private let tickets = Mutex<[String: Ticket]>([:])

    /// Issues a ticket.
    func issue(for sound: PlayableSound, at now: Instant = .now) -> String {
        let name = Key.random(bytes: 18).text
        tickets.withLock { tickets in
            if tickets.count >= Self.most {
                tickets = tickets.filter { $0.value.until > now }
                if tickets.count >= Self.most, let first = tickets.min(by: { $0.value.until < $1.value.until }) {
                    tickets[first.key] = nil
                }
            }
            tickets[name] = Ticket(sound: sound, until: now + Self.life)
        }
        return name
    }

    /// The sound that a ticket is for; nil if there is no such ticket.
    func sound(_ name: some StringProtocol, at now: Instant = .now) -> PlayableSound? {
        tickets.withLock { tickets in
            guard let ticket = tickets[String(name)], ticket.until > now else { return nil }
            tickets[String(name)]?.until = now + Self.life
            return ticket.sound
        }
    }
}
