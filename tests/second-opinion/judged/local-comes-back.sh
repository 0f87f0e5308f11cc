# sh
f() {
local TMP1="$PATHS"
}
f
docker push "r/after:$TMP1"
