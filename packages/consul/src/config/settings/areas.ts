// The objects of a configuration file that belong to one area each. Upstream: agent/config/config.go.

import { anything, int, list, map, object, text, truth, unsigned } from '../kinds.ts';

/** `gossip_lan`, `gossip_wan` */
export const gossip = object({
  gossipNodes: ['gossip_nodes', int],
  gossipInterval: ['gossip_interval', text],
  probeInterval: ['probe_interval', text],
  probeTimeout: ['probe_timeout', text],
  suspicionMult: ['suspicion_mult', int],
  retransmitMult: ['retransmit_mult', int],
});

/** `autopilot` */
export const autopilot = object({
  cleanupDeadServers: ['cleanup_dead_servers', truth],
  lastContactThreshold: ['last_contact_threshold', text],
  maxTrailingLogs: ['max_trailing_logs', int],
  minQuorum: ['min_quorum', unsigned('uint')],
  serverStabilizationTime: ['server_stabilization_time', text],
  disableUpgradeMigration: ['disable_upgrade_migration', truth],
  redundancyZoneTag: ['redundancy_zone_tag', text],
  upgradeVersionTag: ['upgrade_version_tag', text],
});

/** `acl` */
export const acl = object({
  enabled: ['enabled', truth],
  enableTokenReplication: ['enable_token_replication', truth],
  policyTtl: ['policy_ttl', text],
  roleTtl: ['role_ttl', text],
  tokenTtl: ['token_ttl', text],
  downPolicy: ['down_policy', text],
  defaultPolicy: ['default_policy', text],
  enableKeyListPolicy: ['enable_key_list_policy', truth],
  tokens: [
    'tokens',
    object({
      master: ['master', text],
      replication: ['replication', text],
      agentMaster: ['agent_master', text],
      default: ['default', text],
      agent: ['agent', text],
      managedServiceProvider: [
        'managed_service_provider',
        list(object({ accessorId: ['accessor_id', text], secretId: ['secret_id', text] })),
      ],
    }),
  ],
  disabledTtl: ['disabled_ttl', text],
  enableTokenPersistence: ['enable_token_persistence', truth],
  mspDisableBootstrap: ['msp_disable_bootstrap', truth],
});

/** `connect` */
export const connect = object({
  enabled: ['enabled', truth],
  caProvider: ['ca_provider', text],
  caConfig: ['ca_config', anything],
  enableMeshGatewayWanFederation: ['enable_mesh_gateway_wan_federation', truth],
  testCaLeafRootChangeSpread: ['test_ca_leaf_root_change_spread', text],
});

/** `auto_encrypt` */
export const autoEncrypt = object({
  tls: ['tls', truth],
  dnsSan: ['dns_san', list(text)],
  ipSan: ['ip_san', list(text)],
  allowTls: ['allow_tls', truth],
});

/** `auto_config` */
export const autoConfig = object({
  enabled: ['enabled', truth],
  introToken: ['intro_token', text],
  introTokenFile: ['intro_token_file', text],
  serverAddresses: ['server_addresses', list(text)],
  dnsSans: ['dns_sans', list(text)],
  ipSans: ['ip_sans', list(text)],
  authorization: [
    'authorization',
    object({
      enabled: ['enabled', truth],
      static: [
        'static',
        object({
          claimAssertions: ['claim_assertions', list(text)],
          allowReuse: ['allow_reuse', truth],
          jwtSupportedAlgs: ['jwt_supported_algs', list(text)],
          boundAudiences: ['bound_audiences', list(text)],
          claimMappings: ['claim_mappings', map(text)],
          listClaimMappings: ['list_claim_mappings', map(text)],
          oidcDiscoveryUrl: ['oidc_discovery_url', text],
          oidcDiscoveryCaCert: ['oidc_discovery_ca_cert', text],
          jwksUrl: ['jwks_url', text],
          jwksCaCert: ['jwks_ca_cert', text],
          jwtValidationPubKeys: ['jwt_validation_pub_keys', list(text)],
          boundIssuer: ['bound_issuer', text],
          expirationLeeway: ['expiration_leeway', text],
          notBeforeLeeway: ['not_before_leeway', text],
          clockSkewLeeway: ['clock_skew_leeway', text],
        }),
      ],
    }),
  ],
});

/** `telemetry` */
export const telemetry = object({
  circonusApiApp: ['circonus_api_app', text],
  circonusApiToken: ['circonus_api_token', text],
  circonusApiUrl: ['circonus_api_url', text],
  circonusBrokerId: ['circonus_broker_id', text],
  circonusBrokerSelectTag: ['circonus_broker_select_tag', text],
  circonusCheckDisplayName: ['circonus_check_display_name', text],
  circonusCheckForceMetricActivation: ['circonus_check_force_metric_activation', text],
  circonusCheckId: ['circonus_check_id', text],
  circonusCheckInstanceId: ['circonus_check_instance_id', text],
  circonusCheckSearchTag: ['circonus_check_search_tag', text],
  circonusCheckTags: ['circonus_check_tags', text],
  circonusSubmissionInterval: ['circonus_submission_interval', text],
  circonusSubmissionUrl: ['circonus_submission_url', text],
  disableHostname: ['disable_hostname', truth],
  dogstatsdAddr: ['dogstatsd_addr', text],
  dogstatsdTags: ['dogstatsd_tags', list(text)],
  filterDefault: ['filter_default', truth],
  prefixFilter: ['prefix_filter', list(text)],
  metricsPrefix: ['metrics_prefix', text],
  prometheusRetentionTime: ['prometheus_retention_time', text],
  statsdAddress: ['statsd_address', text],
  statsiteAddress: ['statsite_address', text],
});
