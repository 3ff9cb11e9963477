-- Writes a line into the history of a run that is there.
--
-- KEYS  run      hash
--       history  list
-- ARGV  entry  JSON
-- returns 1 | 0 when there is no such run
local run, history = unpack(KEYS)
local entry = ARGV[1]

if redis.call('EXISTS', run) == 0 then return 0 end
redis.call('RPUSH', history, entry)
-- Beside an archive the line begins a history of its own, which leaves with the run.
local ttl = redis.call('PTTL', run)
if ttl > 0 then redis.call('PEXPIRE', history, ttl) end
return 1
