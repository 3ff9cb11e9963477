-- Removes an ended run before its time is over.
--
-- KEYS  leader     string
--       run        hash
--       live       set
--       runs       zset
--       runsOfDag  zset
--       ended      zset
--       tasks      hash
--       tries      hash
--       outputs    hash
--       history    list
--       notes      hash
--       remarks    hash
--       acts       hash
--       stops      hash
-- ARGV  token  the leader's
--       runId
-- returns 1 | 0 when another leader is in office, or the run goes on
local leader, run, live, runs, runsOfDag, ended, tasks, tries, outputs, history, notes, remarks, acts, stops = unpack(KEYS)
local token, runId = unpack(ARGV)

if redis.call('GET', leader) ~= token then return 0 end
local state = redis.call('HGET', run, 'state')
if state == 'queued' or state == 'running' or redis.call('SISMEMBER', live, runId) == 1 then return 0 end

redis.call('DEL', run, tasks, tries, outputs, history, notes, remarks, acts, stops)
for _, key in ipairs({runs, runsOfDag, ended}) do redis.call('ZREM', key, runId) end
return 1
