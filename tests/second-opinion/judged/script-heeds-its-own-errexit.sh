# sh
sh -ec 'false; docker push r/never' || docker push r/strict
