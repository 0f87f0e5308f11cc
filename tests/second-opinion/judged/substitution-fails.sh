# sh
TMP1=$(echo x; false) || docker push r/substitution
