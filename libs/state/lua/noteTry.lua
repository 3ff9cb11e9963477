-- A worker says what its try is doing.
--
-- KEYS  tasks   hash
--       notes   hash
--       events  stream
-- ARGV  runId
--       taskId
--       gen
--       epoch
--       note   JSON
-- returns 1 | 0 when the claim is not the running one
local tasks, notes, events = unpack(KEYS)
local runId, taskId, gen, epoch, note = unpack(ARGV)

local known = redis.call('HGET', tasks, taskId)
if not known then return 0 end
local knownGen, knownEpoch = string.match(known, '^running|(%d+)|%d+|(%d+)|')
if knownGen ~= gen or knownEpoch ~= epoch then return 0 end

redis.call('HSET', notes, taskId, note)
redis.call('XADD', events, 'MAXLEN', '~', '100000', '*', 'run', runId, 'state', 'running', 'at', '', 'task', taskId)
return 1
