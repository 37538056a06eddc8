# front.sh - nginx instances beside the one of an instance, with its settings changed by sed.  Sourced after
# scripts/instance.sh, by bash.
#
# SPDX-License-Identifier: MIT

# front_settings FOLDER PORT EXPRESSION... - the instance's settings, in the folder of another nginx.
front_settings() {
    local folder=$1 port=$2 name
    shift 2
    for name in nginx linnet; do
        sed -E -e "s,$STATE/(nginx|log),$folder/\\1,g; s,listen 127.0.0.1:[0-9]*,listen 127.0.0.1:$port," \
            "${@/#/--expression=}" "$STATE/nginx/$name.conf" > "$folder/nginx/$name.conf"
    done
}

# front_write NAME PORT EXPRESSION... - write the settings of one, in its folder below the instance's.
front_write() {
    local folder=$STATE/front/$1 directory
    mkdir -p "$folder/nginx" "$folder/log"
    for directory in body fastcgi proxy scgi uwsgi; do
        mkdir -p "$folder/nginx/$directory"
        ! is_root || chown www-data "$folder/nginx/$directory"
    done
    front_settings "$folder" "${@:2}"
}

# front_nginx NAME OPTION... - nginx with these settings.
front_nginx() {
    local folder=$STATE/front/$1
    shift
    PATH=$PATH:/usr/sbin nginx -p "$folder/nginx/" -e "$folder/log/nginx.log" -c "$folder/nginx/nginx.conf" "$@"
}

# front_start NAME PORT EXPRESSION... - and start it.
front_start() {
    [ $# -gt 2 ] || die "$1 has no change"
    front_stop "$1"
    front_write "$1" "$2"
    cat "$STATE/front/$1/nginx/"{nginx,linnet}.conf > "$STATE/front/$1/before"
    front_write "$@"
    ! cat "$STATE/front/$1/nginx/"{nginx,linnet}.conf | cmp -s - "$STATE/front/$1/before" ||
        die "the expression of $1 fits nothing in nginx/"
    front_nginx "$1" || die "nginx does not start; its log is $STATE/front/$1/log/nginx.log"
}

front_process() { first_process "$STATE/front/$1/nginx/nginx.pid"; }

front_stop() { group_stop nginx "$STATE/front/$1/nginx/nginx.pid" QUIT 5; }

# front_proxy PORT - the expression that has nginx ask an HTTP server where it would ask Linnet: all other
# settings stay as they are.
front_proxy() {
    printf '%s' "s,server unix:.*,server 127.0.0.1:$1;,; /fastcgi_param/d; s,fastcgi_pass linnet,proxy_pass http://linnet,;" \
        's,fastcgi_keep_conn on;,proxy_http_version 1.1; proxy_set_header Connection "";,;' \
        '/fastcgi_temp_path/!s,fastcgi_,proxy_,'
}
