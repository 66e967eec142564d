#!/bin/bash
# Makes the captures of this folder: vsftpd with TLS, curl and lftp, tcpdump on the loopback interface, the key log that
# the clients wrote in front. As root, with vsftpd, curl, lftp, tcpdump, openssl and editcap, in a network of its own:
#
#     unshare -n test/tls/captures/make.sh
set -u
HERE=$(realpath "$(dirname "$0")")
W=/tmp/tls-captures; rm -rf $W; mkdir -p $W/ftp /var/run/vsftpd/empty; cd $W
ip link set lo up
openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:P-256 -keyout k.pem -out c.pem -subj /CN=ftp.example.net -days 3650 2>/dev/null
id tlsuser >/dev/null 2>&1 || useradd -m -d $W/home tlsuser; echo 'tlsuser:geheim' | chpasswd; mkdir -p $W/home; chown tlsuser $W/home; chmod 755 $W $W/home
head -c 1800 /dev/urandom | base64 > $W/home/a.txt
conf() { cat > v.conf <<X
listen=YES
background=NO
local_enable=YES
write_enable=YES
anonymous_enable=NO
ssl_enable=YES
rsa_cert_file=$W/c.pem
rsa_private_key_file=$W/k.pem
force_local_data_ssl=YES
force_local_logins_ssl=YES
ssl_tlsv1=YES
pasv_min_port=50000
pasv_max_port=50100
seccomp_sandbox=NO
ssl_ciphers=ALL:@SECLEVEL=0
$1
X
}
run() { # name, server settings, command
  conf "$2"; rm -f keys.log
  vsftpd $W/v.conf 2>$W/v.err & V=$!; sleep 0.5
  tcpdump -U -i lo -w $1.pcap tcp 2>$W/t.err & T=$!; sleep 0.8
  SSLKEYLOGFILE=$W/keys.log bash -c "$3" > $1.out 2>&1; sleep 1
  kill $T; kill $V; wait $T $V 2>/dev/null; cp keys.log $1.keys
}
U='tlsuser:geheim'
run curl-tls13 'require_ssl_reuse=NO' "curl -sk --ssl-reqd ftp://$U@127.0.0.1/a.txt -o got"
run curl-tls12 'require_ssl_reuse=YES' "curl -sk --tls-max 1.2 --ssl-reqd ftp://$U@127.0.0.1/a.txt -o got"
run curl-cbc 'require_ssl_reuse=NO
' "curl -sk --tls-max 1.2 --ciphers ECDHE-ECDSA-AES256-SHA --ssl-reqd ftp://$U@127.0.0.1/"
run curl-implicit 'implicit_ssl=YES
listen_port=990
require_ssl_reuse=NO' "curl -sk ftps://$U@127.0.0.1:990/a.txt -o got"
run lftp-tls12 'require_ssl_reuse=YES' "lftp -c 'set net:max-retries 1; set net:timeout 4; set ssl:verify-certificate no; set ssl:priority NORMAL:-VERS-ALL:+VERS-TLS1.2; set ftp:ssl-force true; open -u tlsuser,geheim 127.0.0.1; ls; get -c a.txt -o $W/got2; put $W/c.pem -o up.pem; bye'"
run lftp-tls13 'require_ssl_reuse=NO' "lftp -c 'set net:max-retries 1; set net:timeout 4; set ssl:verify-certificate no; set ftp:ssl-force true; open -u tlsuser,geheim 127.0.0.1; ls; bye'"
for f in *.pcap; do n=${f%.pcap}; editcap --inject-secrets tls,$n.keys $f $HERE/$n.pcapng; done
cp $W/home/a.txt $HERE/
