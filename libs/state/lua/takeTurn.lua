-- Counts a request in a window that begins with its first one.
--
-- KEYS  rate  counter
-- ARGV  windowMs
-- returns { how many requests the window has seen with this one, ms until it ends }
local rate = KEYS[1]
local windowMs = ARGV[1]
local count = redis.call('INCR', rate)
local left = redis.call('PTTL', rate)
if left < 0 then
  left = tonumber(windowMs)
  redis.call('PEXPIRE', rate, left)
end
return { count, left }
