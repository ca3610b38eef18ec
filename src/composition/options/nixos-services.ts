/** Names that stand below `services` in NixOS. Not all of them: only to recognize and suggest. */
export const nixosServices: ReadonlySet<string> = new Set(
  `accounts-daemon acme-dns acpid actkbd adguardhome aerospike afterburn airsonic alertmanager alloy amule angrr ankisyncd antennas
  apache-kafka apcupsd aria2 armagetronad artalk asterisk asusd atd atftpd athens atlantis atticd atuin auditbeat aurora
  auto-cpufreq autofs automatic-timezoned autorandr autosuspend autossh avahi awstats babeld backuppc beanstalkd beesd bepasty
  biboumi bind bird bird-lg bird2 birdwatcher bitcoind bitlbee bitmagnet blackfire-agent blocky blueman boinc bookstack
  borgbackup borgmatic bosun botamusique btrbk buildbot-master buildbot-worker buildkite-agents caddy cadvisor calibre-server
  calibre-web cassandra castopod ceph certmgr cfssl cgit cgminer charybdis chrony cinnamon clamav clickhouse cloud-init cloudflared
  cntlm cockpit cockroachdb code-server collectd commafeed compton confluence connman consul consul-template coredns corerad
  corosync coturn couchdb crashplan crowdsec cron croc cups cyrus-imap dante databases davfs2 davmail dbus ddclient dependency-track
  deluge desktopManager devmon dex dhcpd4 dhcpd6 dictd diod discourse disnix displayManager distccd dkimproxy-out dlm dnscache
  dnscrypt-proxy dnscrypt-proxy2 dnsdist dnsmasq docker-registry dockerRegistry dokuwiki domoticz dovecot2 duosec duplicati duplicity
  earlyoom easytier ejabberd elasticsearch emacs endlessh engelsystem envoy epgstation ergo errbot esphome eternal-terminal
  etcd etebase-server etherpad-lite eventstore exim factorio fail2ban fakeroute fcgiwrap ferretdb filebeat filebrowser firebird
  firefox-syncserver flannel flatpak fluentd forgejo foundationdb freeradius freeswitch freshrss frigate frp frr fstrim ftpd fwupd galene
  gammu-smsd garage gatus gdm geoclue2 geoipupdate gerrit geth ghostunnel git-daemon gitDaemon gitea github-runner github-runners gitlab
  gitlab-runner gitolite gitweb glance glusterfs gnome gnunet go-autoconfig goaccess gocd-agent gocd-server gogs gollum gotify gotosocial gpm
  gpsd grafana grafana-agent grafana-image-renderer grafana-loki graphite graylog greetd grocy gunicorn gvfs h2 hadoop haproxy hardware
  harmonia haste-server hbase hbase-standalone headphones headscale hedgedoc heisenbridge hledger-web hockeypuck home-assistant
  homeassistant homepage-dashboard honk hostapd hound httpd hydra hylafax i2p i2pd icecast icinga2 icingaweb2 ifm illum immich
  incron influxdb influxdb2 infinoted input-remapper inspircd invidious invoiceplane iodine iperf3 ipfs irqbalance ircd-hybrid iscsi
  isso jackett jboss jellyfin jellyseerr jenkins jenkinsSlave jicofo jira jitsi-meet jitsi-videobridge joycond jupyter jupyterhub k3s kafka
  kapacitor kanidm kavita kea keepalived kerberos_server keter keycloak kibana kimai klipper kmscon kmonad knot kresd kthxbye kubernetes
  kubo languagetool lasuite-docs ldap ldm leaps librenms lidarr lighttpd limesurvey lirc listmonk litellm litestream localtimed
  localtime locate logcheck logrotate logstash loki longview lorri lvm lxd-image-server macfanctl magnetico mail mailcatcher mailhog mailman
  mailpit mainsail mastodon matomo matrix-appservice-irc matrix-conduit matrix-synapse matter-server mattermost maubot mautrix-telegram
  mbpfan mealie meilisearch mediamtx mediatomb mediawiki memcached memos metabase meshcentral metricbeat miniflux minidlna minecraft-server
  minetest-server minio miredo mirakurun misskey mjpg-streamer mobilizon mongodb monero monetdb monica monit moodle moonraker moosefs
  mopidy morty mosquitto mpd mpdscribble mstpd mtprotoproxy mullvad-vpn multipath munge munin-cron munin-node murmur mwlib mx-puppet-discord
  mxisd mympd myMPD mysql mysqlBackup n8n nagios namecoind nats navidrome nbd ncdns ncps nebula neo4j netbird netbox netdata nextcloud
  nextdns nexus nfs nghttpx nginx ngircd nipap nitter nix-daemon nix-serve nixops-dns nntp-proxy node-red nomad nominatim nsd ntfy-sh
  ntopng ntp ntpd-rs nullidentdmod nullmailer nut nylon nzbget nzbhydra2 oauth2-proxy oauth2_proxy ocserv octoprint odoo ofono oidentd ollama
  ombi onedrive onlyoffice open-webui opendkim openldap opensearch opensmtpd opensnitch opentelemetry-collector openvpn openvscode-server
  opentracker orangefs osquery osrm outline ovsdb-server owncast packagekit paperless parsedmarc parsoid pastebin patroni pcscd pdfding
  pdns-recursor peerflix peertube peroxide pgadmin pgbackrest pgbouncer pgmanage pgpool pgpkeyserver-lite photoprism phpfpm physlock pict-rs
  picom pinnwand pipewire pixelfed pixiecore plantuml-server plausible plex plexpy plikd podgrab polaris polipo portunus postfix
  postfixadmin postgres-websockets postgresql postgresqlBackup postgresqlWalReceiver postgrest postgrey postsrsd power-profiles-daemon powerdns
  pppd pptpd prayer privatebin privoxy procodile prometheus prosody prowlarr pufferpanel pulseaudio pykms qbittorrent qdrant quagga quassel
  quorum rabbitmq radarr radicale radvd rasdaemon ratbagd ray rdnssd readarr readeck realmd redis redmine redsocks resilio restic restya-board
  rethinkdb riak riemann rippled rke2 rmfakecloud roon-server rosenpass roundcube routedns rpcbind rsnapshot rspamd rss-bridge rsyncd
  rsyslogd rtorrent rust-motd rustdesk-server sabnzbd saltmaster salt samba samba-wsdd sanoid saslauthd scollector scrutiny seafile searx
  selfoss seaweedfs service-router sftpgo shadowsocks shairport-sync shibboleth-sp shiori shout sickbeard silverbullet sks slimserver slskd
  slurm smartd smartdns smokeping smtpprox snapper snapserver snapraid sniproxy snipe-it snmpd snort snowflake-proxy soft-serve softether
  soju solr sonarr sourcehut spacecookie spamassassin spark spice-vdagentd spiped splunk spotifyd squid squeezelite ssmtp sslh stalwart
  stalwart-mail stash statsd stirling-pdf strfry strongswan strongswan-swanctl stubby stunnel subsonic supergfxd supervise supybot surrealdb
  suricata svnserve synapse synapse-admin synergy syncoid syncplay syncthing sympa sysstat systembus-notify systemd-lock-handler
  tabby taskchampion-sync-server taskserver tailscale tang tarsnap tautulli tcsd teamspeak3 teamviewer technitium-dns-server tedicross
  telegraf teleport temporal terraria tftpd thanos thermald thinkfan throttled tinc tincnetworks tiddlywiki timescale tinydns tinyproxy tlp
  tmate-ssh-server tomcat toot tor touchegg traefik trac transfer-sh transmission trezord trickster triggerhappy trilium-server tt-rss
  tumbler tuptime turn-rs tvheadend twingate tzupdate ucarp udisks2 ulogd umami umurmur unbound unclutter unifi unit upower uptermd
  uptime-kuma urserver urxvtd usbguard usbmuxd uvcvideo uwsgi v2ray v2raya vault vault-agent vaultwarden varnish vdirsyncer vector verliba
  victorialogs victoriametrics vikunja vsftpd wasabibackend wallabag warpgate wastebin watchdogd weblate webdav webhook whisparr wiki-js
  windmill wordpress writefreely woodpecker-agents woodpecker-server wpa_supplicant wg-netmanager wyoming xandikos xe-guest-utilities xfs
  xinetd xl2tpd xmr-stak xmrig xonotic xray xrdp xserver yandex-disk ytdl-sub yggdrasil youtrack your_spotify zabbixAgent zabbixProxy
  zabbixServer zabbixWeb zammad zapret zerobin zerotierone zigbee2mqtt zitadel znapzend znc zookeeper zoneminder zram-generator zrepl
  zwave-js`.split(/\s+/),
);
