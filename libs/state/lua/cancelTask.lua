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
--       record  after the move
--       state   that of the record
--       at      ms
--       entry   JSON for the history
-- returns 1 | 0 when another leader, another generation or a worker was faster
local leader, tasks, history, events = unpack(KEYS)
local token, runId, taskId, gen, from, record, state, at, entry = unpack(ARGV)

if redis.call('GET', leader) ~= token then return 0 end
local known = redis.call('HGET', tasks, taskId)
if not known then return 0 end
local stateNow, knownGen = string.match(known, '^([%a_]+)|(%d+)|')
if knownGen ~= gen or not string.find(from, ',' .. stateNow .. ',', 1, true) then return 0 end

redis.call('HSET', tasks, taskId, record)
redis.call('RPUSH', history, entry)
redis.call('XADD', events, 'MAXLEN', '~', '100000', '*', 'run', runId, 'state', state, 'at', at, 'task', taskId)
return 1
