-- Remembers that somebody wants the run to end, and tells the leader and the workers.
--
-- KEYS  run      hash
--       inbox    list
--       history  list
--       events   stream
-- ARGV  runId
--       at       ms
--       entry    JSON for the history
--       channel  of cancels
-- returns 'requested' | 'already' | 'ended' | 'unknown'
local run, inbox, history, events = unpack(KEYS)
local runId, at, entry, channel = unpack(ARGV)

local known = redis.call('HMGET', run, 'state', 'cancelAt')
local state = known[1]
if not state then return 'unknown' end
if state ~= 'queued' and state ~= 'running' then return 'ended' end
if known[2] then return 'already' end

redis.call('HSET', run, 'cancelAt', at)
redis.call('RPUSH', history, entry)
redis.call('RPUSH', inbox, 'cancel\n' .. runId .. '\n' .. at .. '\n\n')
redis.call('XADD', events, 'MAXLEN', '~', '100000', '*', 'run', runId, 'state', state, 'at', at)
redis.call('PUBLISH', channel, runId)
return 'requested'
