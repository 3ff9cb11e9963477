-- Stays in office.
--
-- KEYS  leader  string with a time to live
-- ARGV  token
--       ttlMs  ms
-- returns 1 | 0 when the office is lost
local leader = KEYS[1]
local token, ttlMs = unpack(ARGV)

if redis.call('GET', leader) ~= token then return 0 end
return redis.call('PEXPIRE', leader, ttlMs)
