-- Takes the leader's office if it is vacant.
--
-- KEYS  leader       string with a time to live
--       leaderEpoch  counter
-- ARGV  id     of the candidate
--       ttlMs  ms
-- returns the token id:epoch | nil
local leader, leaderEpoch = unpack(KEYS)
local id, ttlMs = unpack(ARGV)

if redis.call('EXISTS', leader) == 1 then return nil end

local token = id .. ':' .. redis.call('INCR', leaderEpoch)
redis.call('SET', leader, token, 'PX', ttlMs)
return token
