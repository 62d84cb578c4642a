import Glibc
import Platform
import SystemPackage

/// Decides whether work that nobody waits for is put off until the machine is plugged in again.
///
/// What a scan has found can wait: the first indexing of a library costs an hour of battery life. What is dropped into
/// a folder now, or awaited by a sync, cannot. The value is told the time.
struct BatteryCare {
    typealias Instant = ContinuousClock.Instant

    /// How often the power supplies are checked.
    static let interval = Duration.seconds(30)

    /// Whether patient files are left alone.
    private(set) var isSparing = false
    /// When to check the power supplies again; nil while nothing depends on it.
    private(set) var nextLook: Instant?
    /// Whether somebody has asked for the work to go on all the same.
    var isOverruled = false

    /// Updates the decision.
    ///
    /// - Parameters:
    ///   - isWaiting: Whether there is work that could be put off.
    ///   - isAwaited: Whether a client waits for it.
    ///   - isOnBattery: Looks at the power supplies.
    mutating func update(isWaiting: Bool, isAwaited: Bool, at now: Instant, isOnBattery: () -> Bool) {
        guard isWaiting, !isAwaited, !isOverruled else {
            (isSparing, nextLook) = (false, nil)
            return
        }
        if let nextLook, now < nextLook { return }
        isSparing = isOnBattery()
        nextLook = now + Self.interval
    }
}

/// What the kernel says about the machine's power supplies.
struct PowerSupply {
    /// A directory for each supply, with a file for each fact (`sysfs-class-power` of the kernel's documentation).
    var directory: FilePath = "/sys/class/power_supply"

    /// Whether the machine runs on its own battery: one is discharging, and nothing that could charge it is plugged in.
    /// Where the kernel says nothing, as on most desktops, it does not.
    func isOnBattery() -> Bool {
        var isDischarged = false
        for name in names() {
            let supply = directory.appending(bytes: name)
            switch fact("type", of: supply) {
            // The battery of a mouse or a headset is not the machine's.
            case "Battery" where fact("scope", of: supply) != "Device":
                isDischarged = isDischarged || fact("status", of: supply) == "Discharging"
            case "Mains", "USB":
                if fact("online", of: supply) != "0" { return false }
            default:
                break
            }
        }
        return isDischarged
    }

    private func names() -> [[UInt8]] {
        do throws(Errno) { return try OpenDirectory.entries(of: directory).map(\.name) } catch { return [] }
    }

    /// The first word of a file; nil if there is none, or it cannot be read just now.
    private func fact(_ name: String, of supply: FilePath) -> String? {
        do throws(Errno) { return try supply.appending(name).firstWord() } catch { return nil }
    }
}
