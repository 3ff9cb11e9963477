-- Notes a fact of a run once, with what is to be sent because of it.
--
-- KEYS  run      hash
--       history  list
--       outbox   hash: id -> order
-- ARGV  field    of the run's hash
--       at       ms
--       entry    JSON for the history
--       orders...
--                id, JSON
-- returns 1 | 0 when it is noted already, or the run is gone
local run, history, outbox = unpack(KEYS)
local field, at, entry = unpack(ARGV, 1, 3)

-- A field of a run that is gone would bring a part of it back, for ever.
if redis.call('EXISTS', run) == 0 then return 0 end
if redis.call('HSETNX', run, field, at) == 0 then return 0 end
redis.call('RPUSH', history, entry)
-- Beside an archive the line begins a history of its own, which leaves with the run.
local ttl = redis.call('PTTL', run)
if ttl > 0 then redis.call('PEXPIRE', history, ttl) end
for i = 4, #ARGV, 2 do
  redis.call('HSET', outbox, ARGV[i], ARGV[i + 1])
end
return 1
