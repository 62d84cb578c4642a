import ArgumentParser
import CommandOutput
import TimbreWire

/// How far results are to be beyond a sound, as people write it: `20%`, `2x`, or `3` semitones.
enum ContrastAmount: Hashable {
    /// As much as is just noticed.
    case noticed
    case percent(Double)
    case factor(Double)
    case semitones(Double)
    /// What is no amount; the parser would take an option without one for it.
    case unreadable(String)

    /// Whether it is an amount for some direction.
    var isReadable: Bool { if case .unreadable = self { false } else { true } }

    /// As it is written.
    var text: String {
        switch self {
        case .noticed: "noticed"
        case .percent(let number): "\(Shown.number(number, digits: number == number.rounded() ? 0 : 2))%"
        case .factor(let number): "\(Shown.number(number, digits: number == number.rounded() ? 0 : 2))x"
        case .semitones(let number): Shown.number(number, digits: number == number.rounded() ? 0 : 2)
        case .unreadable(let text): text
        }
    }

    /// What it means for a direction; nil if it means nothing there, or is out of range.
    func contrast(_ direction: Contrast.Direction) -> Contrast? {
        let amount: Double
        switch (self, direction.unit) {
        case (.noticed, _): return Contrast(direction)
        case (.percent(let number), .factor?):
            // Less by 20 % is 1.25 times less.
            guard direction.isLess else { return Self.contrast(direction, 1 + number / 100) }
            guard number < 100 else { return nil }
            amount = 1 / (1 - number / 100)
        case (.factor(let number), .factor?): amount = number
        case (.percent(let number), .share?): amount = number / 100
        case (.semitones(let number), .semitones?): amount = number
        default: return nil
        }
        return Self.contrast(direction, amount)
    }

    private static func contrast(_ direction: Contrast.Direction, _ amount: Double) -> Contrast? {
        direction.unit?.amounts.contains(amount) ?? false ? Contrast(direction, amount: amount) : nil
    }
}

extension ContrastAmount: ExpressibleByArgument {
    init(argument: String) {
        if argument == Self.noticed.text {
            self = .noticed
        } else if let number = Double(plain: argument) {
            self = .semitones(number)
        } else if argument.hasSuffix("%"), let number = Double(plain: argument.dropLast()) {
            self = .percent(number)
        } else if argument.hasSuffix("x"), let number = Double(plain: argument.dropLast()) {
            self = .factor(number)
        } else {
            self = .unreadable(argument)
        }
    }

    var defaultValueDescription: String { "what is just noticed" }
}

extension Contrast.Direction {
    /// Whether results have less of something.
    fileprivate var isLess: Bool { [.darker, .shorter, .harderAttack].contains(self) }
}
