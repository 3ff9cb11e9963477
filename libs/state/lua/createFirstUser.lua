-- Makes the first person of an installation, for whoever has a code that a start has printed.
--
-- KEYS  users       hash
--       setupCodes  set
-- ARGV  code  SHA-256 of it
--       name
--       user  JSON
-- returns 'created' | 'refused': the code is none, or there is a person already
local users, setupCodes = unpack(KEYS)
local code, name, user = unpack(ARGV)

if redis.call('HLEN', users) > 0 or redis.call('SISMEMBER', setupCodes, code) == 0 then return 'refused' end
redis.call('HSET', users, name, user)
redis.call('DEL', setupCodes)
return 'created'
