# sh
while read -r TMP1 TMP2; do
docker push "r/$TMP1:$TMP2"
done <<EOF
k v w
  last line
EOF
