-- Keeps what a person wrote about a run or one of its tasks.
--
-- KEYS  run      hash
--       remarks  hash
--       history  list
--       events   stream
-- ARGV  runId
--       taskId  or empty: the run itself
--       note    JSON, or empty: nothing any more
--       entry   JSON for the history
-- returns 'noted' | 'archived': restore the run first | 'unknown'
local run, remarks, history, events = unpack(KEYS)
local runId, taskId, note, entry = unpack(ARGV)

local known = redis.call('HMGET', run, 'state', 'archive')
if not known[1] then return 'unknown' end
if known[2] then return 'archived' end

if note == '' then
  redis.call('HDEL', remarks, taskId)
else
  redis.call('HSET', remarks, taskId, note)
end
redis.call('RPUSH', history, entry)
redis.call('XADD', events, 'MAXLEN', '~', '100000', '*', 'run', runId, 'state', known[1], 'at', '')
local ttl = redis.call('PTTL', run)
if ttl > 0 then redis.call('PEXPIRE', remarks, ttl) end
return 'noted'
