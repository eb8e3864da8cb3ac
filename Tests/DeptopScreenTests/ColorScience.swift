import DeptopScreen
import Glibc

/// A colour in linear light, each channel 0…1.
struct LinearColor {
  var red: Double
  var green: Double
  var blue: Double

  init(red: Double, green: Double, blue: Double) {
    self.red = min(1, max(0, red))
    self.green = min(1, max(0, green))
    self.blue = min(1, max(0, blue))
  }

  /// The colour if every terminal shows the same for it: a 24-bit one, or one of the fixed 240 of the 256.
  init?(_ color: Color) {
    guard let rgb = Self.fixed(color) else { return nil }
    let channels = [16, 8, 0].map { Self.linear(Double(rgb >> $0 & 0xFF) / 255) }
    self.init(red: channels[0], green: channels[1], blue: channels[2])
  }

  /// Relative luminance as WCAG 2 defines it, 0…1.
  var luminance: Double { 0.2126 * red + 0.7152 * green + 0.0722 * blue }

  /// The contrast ratio of WCAG 2, 1…21.
  func contrast(to other: LinearColor) -> Double {
    let (dark, light) = (min(luminance, other.luminance), max(luminance, other.luminance))
    return (light + 0.05) / (dark + 0.05)
  }

  /// How far apart two colours look: the distance in CIE L*a*b*, where 2.3 is just noticeable.
  func distance(to other: LinearColor) -> Double {
    zip(lab, other.lab).map { ($0 - $1) * ($0 - $1) }.reduce(0, +).squareRoot()
  }

  private var lab: [Double] {
    let x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    let y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    let z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    let scaled = [x, y, z].map { $0 > 0.008856 ? cbrt($0) : 7.787 * $0 + 16 / 116 }
    return [116 * scaled[1] - 16, 500 * (scaled[0] - scaled[1]), 200 * (scaled[1] - scaled[2])]
  }

  private static func linear(_ channel: Double) -> Double {
    channel <= 0.04045 ? channel / 12.92 : pow((channel + 0.055) / 1.055, 2.4)
  }

  private static func fixed(_ color: Color) -> UInt32? {
    switch color {
    case .rgb(let value): return value
    case .indexed(let index) where index >= 232:
      let level = 8 + 10 * UInt32(index - 232)
      return level << 16 | level << 8 | level
    case .indexed(let index) where index >= 16:
      let steps: [UInt32] = [0, 95, 135, 175, 215, 255]
      let place = Int(index) - 16
      return steps[place / 36] << 16 | steps[place / 6 % 6] << 8 | steps[place % 6]
    case .indexed, .terminal: return nil
    }
  }
}

/// Complete colour blindness of one kind of cone, simulated with the matrices of Machado, Oliveira and Fernandes (2009).
enum ColorBlindness: CaseIterable {
  case protanopia, deuteranopia, tritanopia

  func seen(_ color: LinearColor) -> LinearColor {
    let rows = matrix.map { $0[0] * color.red + $0[1] * color.green + $0[2] * color.blue }
    return LinearColor(red: rows[0], green: rows[1], blue: rows[2])
  }

  private var matrix: [[Double]] {
    switch self {
    case .protanopia:
      [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]
    case .deuteranopia:
      [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
    case .tritanopia:
      [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]
    }
  }
}
