// Written by scripts/definition-shapes from botocore 1.43.106: change the script, not this file.

/// The members of a task definition as RegisterTaskDefinition takes them. (Source: botocore's model of ECS.)
enum TaskDefinitionShapes {
    static let source = "botocore 1.43.106"
    static let root = "RegisterTaskDefinitionRequest"

    /// A structure and its members on one line, which indented lines continue: `NAME: member:TYPE`, and `member!:TYPE`
    /// for a required one. A type is `text`, `int`, `bool`, `=A|B` for one of these words, `[TYPE]` for a list,
    /// `{TYPE}` for a map, or a structure's name.
    static let table = """
        RegisterTaskDefinitionRequest: family!:text taskRoleArn:text executionRoleArn:text
          networkMode:=bridge|host|awsvpc|none containerDefinitions!:[ContainerDefinition] volumes:[Volume]
          placementConstraints:[TaskDefinitionPlacementConstraint]
          requiresCompatibilities:[=EC2|FARGATE|EXTERNAL|MANAGED_INSTANCES] cpu:text memory:text tags:[Tag]
          pidMode:=host|task ipcMode:=host|task|none proxyConfiguration:ProxyConfiguration
          inferenceAccelerators:[InferenceAccelerator] ephemeralStorage:EphemeralStorage
          runtimePlatform:RuntimePlatform enableFaultInjection:bool
        ContainerDefinition: name:text image:text repositoryCredentials:RepositoryCredentials cpu:int memory:int
          memoryReservation:int links:[text] portMappings:[PortMapping] essential:bool
          restartPolicy:ContainerRestartPolicy entryPoint:[text] command:[text] environment:[KeyValuePair]
          environmentFiles:[EnvironmentFile] mountPoints:[MountPoint] volumesFrom:[VolumeFrom]
          linuxParameters:LinuxParameters secrets:[Secret] dependsOn:[ContainerDependency] startTimeout:int
          stopTimeout:int versionConsistency:=enabled|disabled hostname:text user:text workingDirectory:text
          disableNetworking:bool privileged:bool readonlyRootFilesystem:bool dnsServers:[text] dnsSearchDomains:[text]
          extraHosts:[HostEntry] dockerSecurityOptions:[text] interactive:bool pseudoTerminal:bool dockerLabels:{text}
          ulimits:[Ulimit] logConfiguration:LogConfiguration healthCheck:HealthCheck systemControls:[SystemControl]
          resourceRequirements:[ResourceRequirement] firelensConfiguration:FirelensConfiguration
          credentialSpecs:[text]
        Volume: name:text host:HostVolumeProperties dockerVolumeConfiguration:DockerVolumeConfiguration
          efsVolumeConfiguration:EFSVolumeConfiguration s3filesVolumeConfiguration:S3FilesVolumeConfiguration
          fsxWindowsFileServerVolumeConfiguration:FSxWindowsFileServerVolumeConfiguration configuredAtLaunch:bool
        TaskDefinitionPlacementConstraint: type:=memberOf expression:text
        Tag: key:text value:text
        ProxyConfiguration: type:=APPMESH containerName!:text properties:[KeyValuePair]
        InferenceAccelerator: deviceName!:text deviceType!:text
        EphemeralStorage: sizeInGiB!:int
        RuntimePlatform: cpuArchitecture:=X86_64|ARM64 operatingSystemFamily:=WINDOWS_SERVER_2019_FULL|
          WINDOWS_SERVER_2019_CORE| WINDOWS_SERVER_2016_FULL| WINDOWS_SERVER_2004_CORE| WINDOWS_SERVER_2022_CORE|
          WINDOWS_SERVER_2022_FULL| WINDOWS_SERVER_2025_CORE| WINDOWS_SERVER_2025_FULL| WINDOWS_SERVER_20H2_CORE|
          LINUX
        RepositoryCredentials: credentialsParameter!:text
        PortMapping: containerPort:int hostPort:int protocol:=tcp|udp name:text appProtocol:=http|http2|grpc
          containerPortRange:text
        ContainerRestartPolicy: enabled!:bool ignoredExitCodes:[int] restartAttemptPeriod:int
        KeyValuePair: name:text value:text
        EnvironmentFile: value!:text type!:=s3
        MountPoint: sourceVolume:text containerPath:text readOnly:bool
        VolumeFrom: sourceContainer:text readOnly:bool
        LinuxParameters: capabilities:KernelCapabilities devices:[Device] initProcessEnabled:bool sharedMemorySize:int
          tmpfs:[Tmpfs] maxSwap:int swappiness:int
        Secret: name!:text valueFrom!:text
        ContainerDependency: containerName!:text condition!:=START|COMPLETE|SUCCESS|HEALTHY
        HostEntry: hostname!:text ipAddress!:text
        Ulimit: name!:=core|cpu|data|fsize|locks|memlock|msgqueue|nice|nofile|nproc|rss|rtprio|rttime|sigpending|stack
          softLimit!:int hardLimit!:int
        LogConfiguration: logDriver!:=json-file|syslog|journald|gelf|fluentd|awslogs|splunk|awsfirelens options:{text}
          secretOptions:[Secret]
        HealthCheck: command!:[text] interval:int timeout:int retries:int startPeriod:int
        SystemControl: namespace:text value:text
        ResourceRequirement: value!:text type!:=GPU|InferenceAccelerator|NeuronDevice
        FirelensConfiguration: type!:=fluentd|fluentbit options:{text}
        HostVolumeProperties: sourcePath:text
        DockerVolumeConfiguration: scope:=task|shared autoprovision:bool driver:text driverOpts:{text} labels:{text}
        EFSVolumeConfiguration: fileSystemId!:text rootDirectory:text transitEncryption:=ENABLED|DISABLED
          transitEncryptionPort:int authorizationConfig:EFSAuthorizationConfig
        S3FilesVolumeConfiguration: fileSystemArn!:text rootDirectory:text transitEncryptionPort:int
          accessPointArn:text
        FSxWindowsFileServerVolumeConfiguration: fileSystemId!:text rootDirectory!:text
          authorizationConfig!:FSxWindowsFileServerAuthorizationConfig
        KernelCapabilities: add:[text] drop:[text]
        Device: hostPath!:text containerPath:text permissions:[=read|write|mknod]
        Tmpfs: containerPath!:text size!:int mountOptions:[text]
        EFSAuthorizationConfig: accessPointId:text iam:=ENABLED|DISABLED
        FSxWindowsFileServerAuthorizationConfig: credentialsParameter!:text domain!:text
        """
}
