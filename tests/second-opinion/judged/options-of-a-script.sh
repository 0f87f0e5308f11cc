# sh
set -- -t "$VER" -p x
OPTIND=1
while getopts t:p OPT; do
case $OPT in t) TMP1=$OPTARG ;; p) TMP2=on ;; esac
done
shift $((OPTIND - 1))
docker push "r/o:$TMP1-$TMP2-$#"
