-- The leader ends a task that no worker holds.
--
-- KEYS  leader   string
--       tasks    hash
--       history  list
--       events   stream
-- ARGV  token   the leader's
--       runId
--       taskId
--       gen     of the job
--       from    states it may be in as ,a,b,
--       at      ms
--       entry   JSON for the history
-- returns the record | nil when another leader, another generation or a worker was faster
local leader, tasks, history, events = unpack(KEYS)
local token, runId, taskId, gen, from, at, entry = unpack(ARGV)

if redis.call('GET', leader) ~= token then return nil end
local known = redis.call('HGET', tasks, taskId)
if not known then return nil end
local stateNow, counters, json = string.match(known, '^([%a_]+)(|%d+|%d+|%d+|%d+|)(.*)$')
if string.match(counters, '%d+') ~= gen or not string.find(from, ',' .. stateNow .. ',', 1, true) then return nil end

-- The counters are the record's: the leader need not have heard of the last try. Of two members of one name the last one counts.
local record = 'cancelled' .. counters .. string.sub(json, 1, -2) .. (json == '{}' and '' or ',') .. '"endedAt":' .. at .. '}'
redis.call('HSET', tasks, taskId, record)
redis.call('RPUSH', history, entry)
redis.call('XADD', events, 'MAXLEN', '~', '100000', '*', 'run', runId, 'state', 'cancelled', 'at', at, 'task', taskId)
return record
