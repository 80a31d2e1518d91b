import Foundation

/// The machine's clock.
public enum SystemTime {
    public static var seconds: Int { Int(Date().timeIntervalSince1970) }
}
