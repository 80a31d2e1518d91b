extension Failure {
    /// The stable name of a kind of failure. People search for it and scripts match it, so it never changes its meaning.
    public enum Code: String, Sendable, CaseIterable {
        case manifestUnreadable = "manifest-unreadable"
        case manifestInvalid = "manifest-invalid"
        case definitionUnfit = "definition-unfit"
        case settingsMissing = "settings-missing"
        case credentialsMissing = "credentials-missing"
        case accountMismatch = "account-mismatch"
        case clusterMissing = "cluster-missing"
        case serviceMissing = "service-missing"
        case serviceUnsupported = "service-unsupported"
        case strategyUnsupported = "strategy-unsupported"
        case scheduleMissing = "schedule-missing"
        case imageMissing = "image-missing"
        case definitionMissing = "definition-missing"
        case migrationFailed = "migration-failed"
        case migrationNotStarted = "migration-not-started"
        case migrationRunning = "migration-running"
        case commandFailed = "command-failed"
        case commandNotStarted = "command-not-started"
        case commandUndecided = "command-undecided"
        case probeUnreadable = "probe-unreadable"
        case schemaOlder = "schema-older"
        case schemaUndecided = "schema-undecided"
        case releaseSuperseded = "release-superseded"
        case rolloutFailed = "rollout-failed"
        case rolloutRolledBack = "rollout-rolled-back"
        case rolloutReplaced = "rollout-replaced"
        case rolloutRefused = "rollout-refused"
        case rolloutUndecided = "rollout-undecided"
        case nothingOpen = "nothing-open"
        case planChanged = "plan-changed"
        case outputUnwritable = "output-unwritable"
        case timedOut = "timed-out"
        case deadlineReached = "deadline-reached"
        case interrupted = "interrupted"
        case awsDenied = "aws-denied"
        case awsThrottled = "aws-throttled"
        case awsUnreachable = "aws-unreachable"
        case awsRefused = "aws-refused"
        case awsUnreadable = "aws-unreadable"
        case ledgerUnreadable = "ledger-unreadable"
        case ledgerDamaged = "ledger-damaged"
        case ledgerForeign = "ledger-foreign"
        case ledgerNewer = "ledger-newer"
        case ledgerFull = "ledger-full"
        case ledgerReadOnly = "ledger-read-only"
        case ledgerBusy = "ledger-busy"
        case ledgerMoved = "ledger-moved"
        case ledgerStoreUnfit = "ledger-store-unfit"
        case environmentLocked = "environment-locked"
        case leaseLost = "lease-lost"
        case sandboxFailed = "sandbox-failed"
        case invariantBroken = "invariant-broken"

        /// How the process ends for it.
        public var exit: ExitCode {
            switch self {
            case .settingsMissing: .usage
            case .manifestUnreadable, .manifestInvalid, .definitionUnfit, .strategyUnsupported: .manifestInvalid
            case .migrationFailed, .migrationNotStarted, .commandFailed, .commandNotStarted: .migrationFailed
            case .rolloutFailed, .rolloutRolledBack, .rolloutReplaced, .rolloutRefused: .rolloutFailed
            case .timedOut: .detached
            case .schemaOlder, .schemaUndecided, .releaseSuperseded, .commandUndecided, .rolloutUndecided: .undecided
            case .interrupted: .interrupted
            case .awsDenied, .credentialsMissing, .accountMismatch: .denied
            case .ledgerUnreadable, .ledgerDamaged, .ledgerForeign, .ledgerNewer, .ledgerFull, .ledgerReadOnly,
                .ledgerBusy, .ledgerMoved, .ledgerStoreUnfit:
                .ledger
            case .environmentLocked, .leaseLost, .migrationRunning: .locked
            case .invariantBroken: .broken
            case .clusterMissing, .serviceMissing, .serviceUnsupported, .scheduleMissing, .imageMissing,
                .definitionMissing, .nothingOpen, .planChanged, .outputUnwritable, .probeUnreadable, .deadlineReached,
                .awsThrottled, .awsUnreachable, .awsRefused, .awsUnreadable, .sandboxFailed:
                .failed
            }
        }
    }
}
