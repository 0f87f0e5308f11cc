# bash
for ((I = 0; I < 3; I++)); do docker push "r/i:$I"; done
((I += 4)) && docker push "r/then:$I"
