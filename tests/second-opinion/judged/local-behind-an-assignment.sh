# sh
f() {
local TMP1="in"
TMP2=of docker push "r/f:$TMP1-$TMP2"
g
}
g() { docker push "r/g:$TMP1"; }
TMP1=env f
docker push "r/after:$TMP1"
