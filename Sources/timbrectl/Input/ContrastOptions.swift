import ArgumentParser
import TimbreWire

/// In what results are to differ from the sounds that are searched by.
///
/// Each option has an amount by the time it is parsed, see ``joined(_:)``. (The parser's own options that may go without a
/// value lose it where another option follows.)
struct ContrastOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Duller, by as much at least, such as --darker=20%.", valueName: "amount"))
    var darker: ContrastAmount?

    @Option(help: ArgumentHelp("Brighter, by as much at least.", valueName: "amount"))
    var brighter: ContrastAmount?

    @Option(
        help: ArgumentHelp("Heard for less time, such as --shorter=2x: half as long at most.", valueName: "amount"))
    var shorter: ContrastAmount?

    @Option(help: ArgumentHelp("Heard for longer.", valueName: "amount"))
    var longer: ContrastAmount?

    @Option(
        help: ArgumentHelp("More noise and less tone, such as --noisier=10%.", valueName: "amount"))
    var noisier: ContrastAmount?

    @Option(help: ArgumentHelp("More tone and less noise.", valueName: "amount"))
    var purer: ContrastAmount?

    @Option(
        help: ArgumentHelp("Slower to become loud, such as --softer-attack=2x.", valueName: "amount"))
    var softerAttack: ContrastAmount?

    @Option(help: ArgumentHelp("Faster to become loud.", valueName: "amount"))
    var harderAttack: ContrastAmount?

    @Option(
        help: ArgumentHelp("Of a lower pitch, such as --lower=3: by three semitones at least.", valueName: "amount"))
    var lower: ContrastAmount?

    @Option(help: ArgumentHelp("Of a higher pitch.", valueName: "amount"))
    var higher: ContrastAmount?

    @Flag(help: "Of the same pitch, any number of octaves away.")
    var sameKey = false

    /// What was asked for, in the order of the options.
    private var wanted: [(direction: Contrast.Direction, amount: ContrastAmount)] {
        let amounts: [(Contrast.Direction, ContrastAmount?)] = [
            (.darker, darker), (.brighter, brighter), (.shorter, shorter), (.longer, longer), (.noisier, noisier),
            (.purer, purer), (.softerAttack, softerAttack), (.harderAttack, harderAttack), (.lower, lower),
            (.higher, higher), (.sameKey, sameKey ? .noticed : nil),
        ]
        return amounts.compactMap { direction, amount in amount.map { (direction, $0) } }
    }

    /// What the daemon is asked for; nil if nothing.
    var contrasts: [Contrast]? {
        let contrasts = wanted.compactMap { $0.amount.contrast($0.direction) }
        return contrasts.isEmpty ? nil : contrasts
    }

    func validate() throws {
        for (direction, amount) in wanted {
            if let opposite = direction.opposite, wanted.contains(where: { $0.direction == opposite }) {
                throw ValidationError("\(direction.option) excludes \(opposite.option).")
            }
            guard amount.contrast(direction) != nil else {
                throw ValidationError("\(direction.option)=\(amount.text) is no amount: \(direction.amounts).")
            }
        }
    }

    /// Arguments in which each amount is part of its option, so that no file is taken for an amount: `--darker kick.wav` has
    /// none, and `--darker 20%` has one.
    static func joined(_ arguments: [String]) -> [String] {
        let options = Set(Contrast.Direction.allCases.filter { $0.unit != nil }.map(\.option))
        let end = arguments.firstIndex(of: "--") ?? arguments.endIndex
        var (joined, place) = ([String](), 0)
        while place < end {
            let next = place + 1 < end ? arguments[place + 1] : nil
            if !options.contains(arguments[place]) {
                joined.append(arguments[place])
            } else if let next, ContrastAmount(argument: next).isReadable {
                joined.append("\(arguments[place])=\(next)")
                place += 1
            } else {
                joined.append("\(arguments[place])=\(ContrastAmount.noticed.text)")
            }
            place += 1
        }
        return joined + arguments[end...]
    }
}

extension Contrast.Direction {
    /// Its option, such as `--softer-attack`.
    var option: String { "--" + rawValue.replacing("_", with: "-") }

    /// What its amounts look like, for who has named another.
    fileprivate var amounts: String {
        switch unit {
        case .factor: "write 20% or 2x"
        case .share: "write a share of 100%, such as 10%"
        case .semitones, nil: "write a number of semitones, such as 3"
        }
    }
}
