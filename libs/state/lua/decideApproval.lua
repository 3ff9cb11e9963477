-- A person answers the question of an approval. The first answer counts.
--
-- KEYS  run      hash
--       tasks    hash
--       history  list
--       events   stream
-- ARGV  runId
--       taskId
--       decision  JSON
--       entry     JSON for the history
-- returns {'decided', gen} | {'taken', decision} | {'not-asking'}
local run, tasks, history, events = unpack(KEYS)
local runId, taskId, decision, entry = unpack(ARGV)

local record = redis.call('HGET', tasks, taskId)
if not record then return {'not-asking'} end
local state, gen, try = string.match(record, '^([%a_]+)|(%d+)|(%d+)|')

-- An answer is one try's: a task that is cleared asks again.
local field = 'approval:' .. taskId .. '/' .. try
local known = redis.call('HGET', run, field)
if known then return {'taken', known} end
if state ~= 'deferred' and state ~= 'running' then return {'not-asking'} end

redis.call('HSET', run, field, decision)
redis.call('RPUSH', history, entry)
redis.call('XADD', events, 'MAXLEN', '~', '100000', '*', 'approval', runId, 'state', 'decided', 'at', '', 'task', taskId)
return {'decided', gen}
