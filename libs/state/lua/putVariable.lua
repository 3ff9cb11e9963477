-- Sets or removes a variable, and keeps how it came about.
--
-- KEYS  variables  hash
--       versions   list of this variable's versions, youngest first
--       counts     hash: how often each variable was changed
-- ARGV  name
--       value  JSON, or empty: it is removed
--       entry  JSON of the version without its number
--       most   how many versions are kept
-- returns the version's number, counted from 1; 0: there was nothing to remove
local variables, versions, counts = unpack(KEYS)
local name, value, entry, most = unpack(ARGV)

if value == '' then
  if redis.call('HDEL', variables, name) == 0 then return 0 end
else
  redis.call('HSET', variables, name, value)
end
local version = redis.call('HINCRBY', counts, name, 1)
redis.call('LPUSH', versions, version .. '|' .. entry)
redis.call('LTRIM', versions, 0, most - 1)
return version
