// The library as Go sees it: texts that live in C's memory for one step, errors as errors.
package main

/*
#include <agentslock.h>
#include <stdlib.h>

extern int32_t findView(void* user, agentslock_key* key, agentslock_answer* answer);
*/
import "C"

import (
	"errors"
	"runtime/cgo"
	"unsafe"
)

// memory is what a step has handed to C: C may not keep what Go moves.
type memory struct{ pieces []unsafe.Pointer }

func (m *memory) free() {
	for _, piece := range m.pieces {
		C.free(piece)
	}
}

func (m *memory) text(of string) C.agentslock_text {
	piece := C.CBytes([]byte(of + "\x00"))
	m.pieces = append(m.pieces, piece)
	return C.agentslock_text{data: (*C.char)(piece), size: C.size_t(len(of))}
}

func (m *memory) key(adapter, view string) C.agentslock_key {
	return C.agentslock_key{adapter: m.text(adapter), view: m.text(view)}
}

func (m *memory) dependencies(of []dependency) (*C.agentslock_dependency, C.size_t) {
	if len(of) == 0 {
		return nil, 0
	}
	piece := C.calloc(C.size_t(len(of)), C.sizeof_agentslock_dependency)
	m.pieces = append(m.pieces, piece)
	all := unsafe.Slice((*C.agentslock_dependency)(piece), len(of))
	for i, one := range of {
		all[i] = C.agentslock_dependency{
			adapter:       m.text(string(one.Adapter)),
			schema_digest: m.text(string(one.SchemaDigest)),
			version:       m.text(string(one.Version)),
		}
	}
	return (*C.agentslock_dependency)(piece), C.size_t(len(of))
}

func goText(of C.agentslock_text) string {
	return C.GoStringN(of.data, C.int(of.size))
}

// failure turns what a call returned into an error; nil when it went well.
func failure(code C.agentslock_code, why *C.agentslock_error) error {
	if code == C.AGENTSLOCK_OK {
		return nil
	}
	defer C.agentslock_error_free(why)
	return errors.New(goText(C.agentslock_code_name(code)) + ": " + goText(C.agentslock_error_message(why)))
}

// items are those of one list of a report, which is freed.
func items(report *C.agentslock_report, list C.int32_t) []C.agentslock_item {
	all := make([]C.agentslock_item, C.agentslock_report_count(report, list))
	for i := range all {
		C.agentslock_report_item(report, list, C.size_t(i), &all[i])
	}
	return all
}

func keys(report *C.agentslock_report, list C.int32_t) []string {
	names := []string{}
	for _, one := range items(report, list) {
		names = append(names, goText(one.key.adapter)+"/"+goText(one.key.view))
	}
	return names
}

// asked is what a script says of the store: a digest, or nil for an absent view.
type asked map[string]*string

// findView is called by the library: user holds a handle of what is asked.
//
//export findView
func findView(user unsafe.Pointer, key *C.agentslock_key, answer *C.agentslock_answer) C.int32_t {
	store := (*(*cgo.Handle)(user)).Value().(asked)
	digest := store[goText(key.adapter)+"/"+goText(key.view)]
	if digest == nil {
		return C.AGENTSLOCK_ABSENT
	}
	var own memory
	defer own.free()
	C.agentslock_answer_digest(answer, own.text(*digest))
	return C.AGENTSLOCK_PRESENT
}

// reconcile runs the pass on a lockfile in memory, and says what it changed.
func reconcile(file *C.agentslock_lockfile, store asked, now C.int64_t) ([]change, error) {
	var own memory
	defer own.free()
	handle := cgo.NewHandle(store)
	defer handle.Delete()
	user := C.malloc(C.size_t(unsafe.Sizeof(handle)))
	own.pieces = append(own.pieces, user)
	*(*cgo.Handle)(user) = handle

	var presence *C.agentslock_presence
	var report *C.agentslock_report
	var why *C.agentslock_error
	code := C.agentslock_presence_new(C.agentslock_find(C.findView), user, &presence, &why)
	if err := failure(code, why); err != nil {
		return nil, err
	}
	defer C.agentslock_presence_free(presence)
	code = C.agentslock_reconcile_lockfile(file, presence, now, &report, &why)
	if err := failure(code, why); err != nil {
		return nil, err
	}
	defer C.agentslock_report_free(report)
	changes := []change{}
	for _, one := range items(report, C.AGENTSLOCK_CHANGED) {
		changes = append(changes, change{goText(one.key.adapter), goText(one.key.view), goText(one.from),
			goText(one.to), goText(one.why)})
	}
	return changes, nil
}
// SPDX-License-Identifier: Apache-2.0
