-- Leaves office.
--
-- KEYS  leader  string with a time to live
-- ARGV  token
-- returns 1 | 0 when the office was lost before
local leader = KEYS[1]
local token = ARGV[1]

if redis.call('GET', leader) ~= token then return 0 end
return redis.call('DEL', leader)
