-- Remembers what a person wants done to a run, and tells the leader.
--
-- KEYS  run      hash
--       acts     hash
--       live     set
--       inbox    list
--       history  list
-- ARGV  runId
--       actId
--       act      JSON
--       at       ms
--       entry    JSON for the history
-- returns 'requested' | 'archived': restore the run first | 'unknown'
local run, acts, live, inbox, history = unpack(KEYS)
local runId, actId, act, at, entry = unpack(ARGV)

local known = redis.call('HMGET', run, 'state', 'archive')
if not known[1] then return 'unknown' end
if known[2] then return 'archived' end
-- The same call once more: its connection broke before the answer arrived.
if redis.call('HSETNX', acts, actId, act) == 0 then return 'requested' end

-- The run may have ended: whoever leads next must find it even if this entry is lost.
redis.call('SADD', live, runId)
redis.call('RPUSH', history, entry)
redis.call('RPUSH', inbox, 'act\n' .. runId .. '\n' .. at .. '\n\n')
return 'requested'
