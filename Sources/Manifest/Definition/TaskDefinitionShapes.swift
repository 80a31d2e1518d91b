// Written by scripts/definition-shapes from botocore 1.43.106: change the script, not this file.

/// The members of a task definition as RegisterTaskDefinition takes them, and of a service as CreateService does, without those
/// that reconcile sets by itself or does not support. (Source: botocore's model of ECS.)
enum TaskDefinitionShapes {
    static let source = "botocore 1.43.106"
    static let root = "RegisterTaskDefinitionRequest"
    static let service = "CreateServiceRequest"

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
        CreateServiceRequest: taskDefinition:text availabilityZoneRebalancing:=ENABLED|DISABLED
          loadBalancers:[LoadBalancer] serviceRegistries:[ServiceRegistry] desiredCount:int
          launchType:=EC2|FARGATE|EXTERNAL|MANAGED_INSTANCES capacityProviderStrategy:[CapacityProviderStrategyItem]
          platformVersion:text role:text deploymentConfiguration:DeploymentConfiguration
          placementConstraints:[PlacementConstraint] placementStrategy:[PlacementStrategy]
          networkConfiguration:NetworkConfiguration healthCheckGracePeriodSeconds:int tags:[Tag]
          enableECSManagedTags:bool propagateTags:=TASK_DEFINITION|SERVICE|NONE enableExecuteCommand:bool
          serviceConnectConfiguration:ServiceConnectConfiguration volumeConfigurations:[ServiceVolumeConfiguration]
          vpcLatticeConfigurations:[VpcLatticeConfiguration] monitoring:MonitoringConfiguration
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
        LoadBalancer: targetGroupArn:text loadBalancerName:text containerName:text containerPort:int
          advancedConfiguration:AdvancedConfiguration
        ServiceRegistry: registryArn:text port:int containerName:text containerPort:int
        CapacityProviderStrategyItem: capacityProvider!:text weight:int base:int
        DeploymentConfiguration: deploymentCircuitBreaker:DeploymentCircuitBreaker maximumPercent:int
          minimumHealthyPercent:int alarms:DeploymentAlarms strategy:=ROLLING|BLUE_GREEN|LINEAR|CANARY
          bakeTimeInMinutes:int lifecycleHooks:[DeploymentLifecycleHook] linearConfiguration:LinearConfiguration
          canaryConfiguration:CanaryConfiguration earlySuccessCriteria:DeploymentEarlySuccessCriteria
        PlacementConstraint: type:=distinctInstance|memberOf expression:text
        PlacementStrategy: type:=random|spread|binpack field:text
        NetworkConfiguration: awsvpcConfiguration:AwsVpcConfiguration
        ServiceConnectConfiguration: enabled!:bool namespace:text services:[ServiceConnectService]
          logConfiguration:LogConfiguration accessLogConfiguration:ServiceConnectAccessLogConfiguration
        ServiceVolumeConfiguration: name!:text managedEBSVolume:ServiceManagedEBSVolumeConfiguration
        VpcLatticeConfiguration: roleArn!:text targetGroupArn!:text portName!:text
          advancedConfiguration:VpcLatticeAdvancedConfiguration
        MonitoringConfiguration: metricConfigurations:[MetricConfiguration]
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
        AdvancedConfiguration: alternateTargetGroupArn:text productionListenerRule:text testListenerRule:text
          roleArn:text
        DeploymentCircuitBreaker: enable!:bool rollback!:bool resetOnHealthyTask:bool
          thresholdConfiguration:ThresholdConfiguration
        DeploymentAlarms: alarmNames!:[text] rollback!:bool enable!:bool
        DeploymentLifecycleHook: targetType:=AWS_LAMBDA|PAUSE hookTargetArn:text roleArn:text
          lifecycleStages:[=RECONCILE_SERVICE| PRE_SCALE_UP| POST_SCALE_UP| TEST_TRAFFIC_SHIFT|
          POST_TEST_TRAFFIC_SHIFT| PRE_PRODUCTION_TRAFFIC_SHIFT| PRODUCTION_TRAFFIC_SHIFT|
          POST_PRODUCTION_TRAFFIC_SHIFT] hookDetails:any
          timeoutConfiguration:DeploymentLifecycleHookTimeoutConfiguration
        LinearConfiguration: stepPercent:number stepBakeTimeInMinutes:int
        CanaryConfiguration: canaryPercent:number canaryBakeTimeInMinutes:int
        DeploymentEarlySuccessCriteria: enable!:bool healthyPercent:int
          sourceServiceRevisionCleanup:=BLOCKING|DEFERRED
        AwsVpcConfiguration: subnets!:[text] securityGroups:[text] assignPublicIp:=ENABLED|DISABLED
        ServiceConnectService: portName!:text discoveryName:text clientAliases:[ServiceConnectClientAlias]
          ingressPortOverride:int timeout:TimeoutConfiguration tls:ServiceConnectTlsConfiguration
        ServiceConnectAccessLogConfiguration: format!:=TEXT|JSON includeQueryParameters:=DISABLED|ENABLED
        ServiceManagedEBSVolumeConfiguration: encrypted:bool kmsKeyId:text volumeType:text sizeInGiB:int
          snapshotId:text volumeInitializationRate:int iops:int throughput:int tagSpecifications:[EBSTagSpecification]
          roleArn!:text filesystemType:=ext3|ext4|xfs|ntfs
        VpcLatticeAdvancedConfiguration: alternateTargetGroupArn:text productionListenerRule:text
          testListenerRule:text
        MetricConfiguration: metricNames!:[text] resolutionSeconds!:int
        KernelCapabilities: add:[text] drop:[text]
        Device: hostPath!:text containerPath:text permissions:[=read|write|mknod]
        Tmpfs: containerPath!:text size!:int mountOptions:[text]
        EFSAuthorizationConfig: accessPointId:text iam:=ENABLED|DISABLED
        FSxWindowsFileServerAuthorizationConfig: credentialsParameter!:text domain!:text
        ThresholdConfiguration: type!:=COUNT|BOUNDED_PERCENT|UNBOUNDED_PERCENT value!:int
        DeploymentLifecycleHookTimeoutConfiguration: timeoutInMinutes:int action:=ROLLBACK|CONTINUE
        ServiceConnectClientAlias: port!:int dnsName:text testTrafficRules:ServiceConnectTestTrafficRules
        TimeoutConfiguration: idleTimeoutSeconds:int perRequestTimeoutSeconds:int
        ServiceConnectTlsConfiguration: issuerCertificateAuthority!:ServiceConnectTlsCertificateAuthority kmsKey:text
          roleArn:text
        EBSTagSpecification: resourceType!:=volume tags:[Tag] propagateTags:=TASK_DEFINITION|SERVICE|NONE
        ServiceConnectTestTrafficRules: header!:ServiceConnectTestTrafficHeaderRules
        ServiceConnectTlsCertificateAuthority: awsPcaAuthorityArn:text
        ServiceConnectTestTrafficHeaderRules: name!:text value:ServiceConnectTestTrafficHeaderMatchRules
        ServiceConnectTestTrafficHeaderMatchRules: exact!:text
        """
}
